namespace PerceptionStudy.Synthesis.Generators;

/// <summary>Adam (Kingma and Ba 2015, β₁ = 0.9, β₂ = 0.999, ε = 1e-8) uphill, over a picture that stays within 0 to 1.</summary>
/// <param name="count">Number of values.</param>
/// <param name="stepSize">Step in pixel units.</param>
internal sealed class AdamAscent(int count, double stepSize)
{
    private const double Beta1 = 0.9, Beta2 = 0.999, Epsilon = 1e-8;
    private readonly double[] mean = new double[count], square = new double[count];
    private int steps;

    /// <summary>Moves the picture along the weighted sum of two gradients.</summary>
    public void Move(float[] picture, float[] first, double firstWeight, float[] second, double secondWeight)
    {
        steps++;
        var (bias1, bias2) = (1 - Math.Pow(Beta1, steps), 1 - Math.Pow(Beta2, steps));
        for (var i = 0; i < picture.Length; i++)
        {
            var gradient = firstWeight * first[i] + secondWeight * second[i];
            mean[i] = Beta1 * mean[i] + (1 - Beta1) * gradient;
            square[i] = Beta2 * square[i] + (1 - Beta2) * gradient * gradient;
            picture[i] = (float)Math.Clamp(picture[i] + stepSize * (mean[i] / bias1) / (Math.Sqrt(square[i] / bias2) + Epsilon), 0, 1);
        }
    }
}
