namespace PerceptionStudy.Synthesis.Metamers;

/// <summary>The decisions of a preset for one picture, taken between two steps.</summary>
public abstract class StepControl
{
    /// <summary>Which tensor of the state holds the picture reached so far.</summary>
    public virtual int Picture => 0;

    /// <summary>Which tensor of the state holds the best picture before the last step; null where none does.</summary>
    public virtual int? PictureBefore => null;

    /// <summary>Whether a step whose loss is no finite number is taken back and tried shorter; otherwise the synthesis breaks down there.</summary>
    public virtual bool TakesBack => false;

    /// <summary>Why nothing is left to do before the last step; null while there is.</summary>
    public virtual string? Ended => null;

    /// <summary>Whether the step just heard of was the last, whatever remains; its state is read after every step then.</summary>
    public virtual bool EndsNow => false;

    /// <summary>Whether the next step's state is to end in the host's memory, because the control may begin anew behind it.</summary>
    public virtual bool NeedsHost => false;

    /// <summary>Which start in a row the next step is to measure: the state's picture becomes new noise before it. Null where it goes on from where it is.</summary>
    public virtual int? BeginsAnew => null;

    /// <summary>Sets the scalars of a step.</summary>
    /// <param name="step">The step, from 0.</param>
    /// <param name="scalars">Receives them.</param>
    public abstract void Ask(int step, Span<float> scalars);

    /// <summary>Hears what came of it.</summary>
    /// <param name="step">The step, from 0.</param>
    /// <param name="loss">The loss where the step took the gradient.</param>
    /// <param name="measures">What the preset's graph measured.</param>
    public virtual void Learn(int step, float loss, ReadOnlySpan<float> measures)
    {
    }

    /// <summary>All that it remembers, for a checkpoint; finite numbers.</summary>
    public virtual double[] Keep() => [];

    /// <summary>Takes over what <see cref="Keep"/> gave.</summary>
    public virtual void Restore(double[] kept)
    {
    }
}
