namespace PerceptionStudy.Synthesis.Graphs.Kernels;

/// <summary>Work on tensors of one shape, by several threads: in parts of some thousand values, or of whole rows of the last dimension.</summary>
internal unsafe struct TensorWork
{
    private const long Part = 1 << 13;

    /// <summary>What is read, and what is written; the third may be null.</summary>
    public float* First, Second, Third, To;

    /// <summary>Rows, and values of one.</summary>
    public long Rows, Length;

    /// <summary>A number that the operator has besides.</summary>
    public float Epsilon;

    /// <summary>Takes the tensors of a run.</summary>
    /// <param name="shape">Their shape, ended by a 0.</param>
    /// <param name="context">The run.</param>
    /// <returns>A status, 0 where all went well.</returns>
    public nint Begin(long* shape, nint context)
    {
        var rank = 1;
        for (Rows = 1; shape[rank] != 0; rank++)
            Rows *= shape[rank - 1];
        Length = shape[rank - 1];
        nint status;
        fixed (TensorWork* work = &this)
            return (status = OrtOperator.Input(context, 0, &work->First)) != 0 || (status = OrtOperator.Input(context, 1, &work->Second)) != 0
                || (status = OrtOperator.Input(context, 2, &work->Third)) != 0 || (status = OrtOperator.Output(context, 0, shape, rank, &work->To)) != 0 ? status : 0;
    }

    /// <summary>Number of parts of values.</summary>
    public readonly nint Parts => (nint)((Rows * Length + Part - 1) / Part);

    /// <summary>The values of a part.</summary>
    public readonly (long From, long To) Values(long part) => (part * Part, Math.Min(Rows * Length, (part + 1) * Part));

    /// <summary>Number of parts of whole rows.</summary>
    public readonly nint RowParts => (nint)((Rows + RowsTogether - 1) / RowsTogether);

    /// <summary>The rows of a part.</summary>
    public readonly (long From, long To) RowsOf(long part) => (part * RowsTogether, Math.Min(Rows, (part + 1) * RowsTogether));

    private readonly long RowsTogether => Math.Max(1, Part / Length);
}
