namespace PerceptionStudy.Synthesis.Graphs.AttentionHeads;

/// <summary>Where the rows of heads lie in a tensor; the values of one row lie side by side.</summary>
internal readonly unsafe struct HeadLayout(long* sizes)
{
    /// <summary>Number of integers that one takes: the place of the first value, and how many values further the next picture, head and row begin.</summary>
    public const int Sizes = 4;

    private readonly long first = sizes[0], picture = sizes[1], head = sizes[2];

    /// <summary>How many values further the next row begins.</summary>
    public long Row { get; } = sizes[3];

    /// <summary>The first row of a head.</summary>
    public float* Of(float* tensor, long picture, long head) => tensor + first + picture * this.picture + head * this.head;
}
