namespace PerceptionStudy.Server.Analysis.Statistics;

/// <summary>A 95 % confidence interval; how it was made is said where it is made.</summary>
public readonly record struct Interval(double Lower, double Upper)
{
    /// <summary>Half its width, on its own scale: what a stopping rule by precision compares.</summary>
    public double HalfWidth => (Upper - Lower) / 2;
}
