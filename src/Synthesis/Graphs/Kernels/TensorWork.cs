namespace PerceptionStudy.Synthesis.Graphs.Kernels;

/// <summary>Work on tensors of one shape, by several threads: in parts of some thousand values, or of whole rows of the last dimension.</summary>
internal unsafe struct TensorWork
{
    private const long Part = 1 << 13;

    /// <summary>What is read, and what is written; those from the second on may be null.</summary>
    public float* First, Second, Third, To;

    /// <summary>Rows, and values of one.</summary>
    public long Rows, Length;

    /// <summary>Numbers that the operator has besides.</summary>
    public fixed float Numbers[3];

    /// <summary>Takes the tensors of a run and works on parts of their values.</summary>
    /// <param name="shape">Their shape, ended by a 0.</param>
    /// <param name="context">The run.</param>
    /// <param name="part">Does one part, given the address of this and the part's index.</param>
    /// <returns>A status, 0 where all went well.</returns>
    public nint OnValues(long* shape, nint context, delegate* unmanaged[Cdecl]<void*, nint, void> part)
    {
        var status = Begin(shape, context);
        fixed (TensorWork* work = &this)
            return status != 0 ? status : OrtOperatorApi.ParallelFor(context, part, (nint)((Rows * Length + Part - 1) / Part), 0, work);
    }

    /// <summary>The same on parts of whole rows.</summary>
    public nint OnRows(long* shape, nint context, delegate* unmanaged[Cdecl]<void*, nint, void> part)
    {
        var status = Begin(shape, context);
        fixed (TensorWork* work = &this)
            return status != 0 ? status : OrtOperatorApi.ParallelFor(context, part, (nint)((Rows + RowsTogether - 1) / RowsTogether), 0, work);
    }

    /// <summary>The values of a part.</summary>
    public readonly (long From, long To) Values(long part) => (part * Part, Math.Min(Rows * Length, (part + 1) * Part));

    /// <summary>The rows of a part.</summary>
    public readonly (long From, long To) RowsOf(long part) => (part * RowsTogether, Math.Min(Rows, (part + 1) * RowsTogether));

    private readonly long RowsTogether => Math.Max(1, Part / Length);

    private nint Begin(long* shape, nint context)
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
}
