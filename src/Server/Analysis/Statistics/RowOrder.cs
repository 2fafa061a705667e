namespace PerceptionStudy.Server.Analysis.Statistics;

/// <summary>Order of rows by their values, first cell first, missing ones (NaN) before all: what the data alone say, whatever the participants are called.</summary>
internal sealed class RowOrder : IComparer<double[]>
{
    public static readonly RowOrder Instance = new();

    public int Compare(double[]? x, double[]? y) => x.AsSpan().SequenceCompareTo(y);
}
