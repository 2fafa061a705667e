namespace PerceptionStudy.Synthesis.Metamers;

/// <summary>The picture, or sound, of a loss level: one step of an optimisation may pass several levels, so that it lies somewhere on the step that passed this one.</summary>
internal static class LossLevelPicture
{
    // The place on the step is right to a thousandth of it, far below what rounding to 8 bits does.
    private const int Halvings = 10;

    /// <summary>The place on the straight way between two pictures where the loss is the level, found by bisection.</summary>
    /// <param name="before">Its loss is above the level.</param>
    /// <param name="after">Its loss is at most the level.</param>
    /// <param name="loss">The level, as a loss.</param>
    /// <param name="lossOf">Measures a picture.</param>
    public static float[] Between(float[] before, float[] after, double loss, Func<float[], double> lossOf)
    {
        var (low, high) = (0f, 1f);
        for (var n = 0; n < Halvings; n++)
        {
            var middle = (low + high) / 2;
            if (lossOf(At(middle)) > loss)
                low = middle;
            else
                high = middle;
        }
        return At(high);

        float[] At(float share) => [.. before.Zip(after, (b, a) => b + share * (a - b))];
    }
}
