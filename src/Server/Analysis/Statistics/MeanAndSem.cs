namespace PerceptionStudy.Server.Analysis.Statistics;

/// <summary>
/// Mean and standard error of the mean as the published figures have them: the standard deviation is that of the population
/// (divisor N, not N − 1), divided by √N (Feather et al. 2023, numpy's default). One value has SEM 0; none has neither.
/// </summary>
public readonly record struct MeanAndSem(int N, double Mean, double Sem)
{
    public static MeanAndSem? Of(IReadOnlyCollection<double> values)
    {
        if (values.Count == 0) return null;
        var mean = values.Average();
        var variance = values.Sum(v => (v - mean) * (v - mean)) / values.Count;
        return new MeanAndSem(values.Count, mean, Math.Sqrt(variance / values.Count));
    }
}
