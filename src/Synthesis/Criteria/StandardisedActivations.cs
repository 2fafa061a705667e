using System.Runtime.InteropServices;
using PerceptionStudy.Synthesis.Hosting;

namespace PerceptionStudy.Synthesis.Criteria;

/// <summary>
/// Activations of many views at one stage, and their ranks, each less its mean and divided by its norm: the inner product of two is then their
/// correlation. They lie in a file as blocks of columns, [views, <see cref="BlockSize"/>] each, in the order in which they are multiplied.
/// </summary>
internal sealed class StandardisedActivations : IDisposable
{
    /// <summary>Most values of each view in a block.</summary>
    private const int MostColumns = 2048;

    private readonly ScratchFile file;
    private readonly int size;

    /// <param name="views">Number of views.</param>
    /// <param name="size">Number of values in an activation.</param>
    public StandardisedActivations(int views, int size)
    {
        (Views, this.size, BlockSize) = (views, size, Math.Min(MostColumns, size));
        Blocks = (size + BlockSize - 1) / BlockSize;
        Means = new double[views];
        Norms = new double[views];
        file = new(2L * Blocks * views * BlockSize * sizeof(float));
    }

    /// <summary>Number of views.</summary>
    public int Views { get; }

    /// <summary>Number of values in an activation.</summary>
    public int Size => size;

    /// <summary>Columns of a block; the last block is filled up with zeros.</summary>
    public int BlockSize { get; }

    /// <summary>Number of blocks.</summary>
    public int Blocks { get; }

    /// <summary>Mean of each activation.</summary>
    public double[] Means { get; }

    /// <summary>L2 norm of each activation less its mean; 0 where it is the same everywhere.</summary>
    public double[] Norms { get; }

    /// <summary>Keeps the activation of one view. For different views from several threads.</summary>
    /// <exception cref="SynthesisException">It holds a value that is not a finite number.</exception>
    public void Keep(int view, float[] activation)
    {
        var unit = new float[Blocks * BlockSize];
        (Means[view], Norms[view]) = Standardise(activation, unit);
        if (!double.IsFinite(Norms[view]))
            throw new SynthesisException("The model's values leave the range of float32 for a picture of the pool; check the pipeline's range, mean and std.");
        Write(0, view, unit);
        Standardise(Ranks.Of(activation), unit);
        Write(1, view, unit);
    }

    /// <summary>Reads a block of activations (<paramref name="kind"/> 0) or of their ranks (1) for all views.</summary>
    /// <param name="kind">Which of the two.</param>
    /// <param name="block">Which block.</param>
    /// <param name="values">Filled with [views, <see cref="BlockSize"/>].</param>
    public void Read(int kind, int block, float[] values) => file.Read(Offset(kind, block, 0), MemoryMarshal.AsBytes(values.AsSpan()));

    public void Dispose() => file.Dispose();

    private void Write(int kind, int view, float[] unit)
    {
        for (var block = 0; block < Blocks; block++)
            file.Write(Offset(kind, block, view), MemoryMarshal.AsBytes(unit.AsSpan(block * BlockSize, BlockSize)));
    }

    private long Offset(int kind, int block, int view) => (((long)kind * Blocks + block) * Views + view) * BlockSize * sizeof(float);

    private static (double Mean, double Norm) Standardise(float[] values, float[] unit)
    {
        var sum = 0d;
        foreach (var value in values)
            sum += value;
        var mean = sum / values.Length;
        var square = 0d;
        foreach (var value in values)
            square += (value - mean) * (value - mean);
        var norm = Math.Sqrt(square);
        for (var i = 0; i < values.Length; i++)
            unit[i] = norm == 0 ? 0 : (float)((values[i] - mean) / norm);
        return (mean, norm);
    }
}
