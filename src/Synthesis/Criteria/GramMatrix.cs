using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using PerceptionStudy.Synthesis.Graphs;
using DataType = PerceptionStudy.Synthesis.Graphs.Format.TensorProto.Types.DataType;

namespace PerceptionStudy.Synthesis.Criteria;

/// <summary>
/// All inner products of the rows of a matrix that comes in blocks of columns. ONNX Runtime multiplies, in float64: in float32 the many equal
/// products that tied ranks give are all rounded in the same direction, and correlations were wrong by 5e-6.
/// </summary>
internal sealed class GramMatrix : IDisposable
{
    private readonly InferenceSession session;
    private readonly RunOptions run = new();
    private readonly double[] block, product;
    private readonly OrtValue input, output;

    /// <param name="rows">Number of rows.</param>
    /// <param name="columns">Columns of a block.</param>
    /// <param name="threads">Threads; null leaves ONNX Runtime's own choice.</param>
    public GramMatrix(int rows, int columns, int? threads)
    {
        var builder = new GraphBuilder();
        var matrix = builder.Input("rows", [rows, columns], DataType.Double);
        builder.Output(builder.Emit("Gemm", [matrix, matrix], [rows, rows], ("transB", 1L)), "products");
        using var options = new SessionOptions { LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        if (threads is { } number)
            options.IntraOpNumThreads = number;
        session = new InferenceSession(builder.ToModel().ToByteArray(), options);
        (block, product, Values) = (new double[rows * columns], new double[rows * rows], new double[rows * rows]);
        input = OrtValue.CreateTensorValueFromMemory(block, [rows, columns]);
        output = OrtValue.CreateTensorValueFromMemory(product, [rows, rows]);
    }

    /// <summary>The sums so far, [rows, rows].</summary>
    public double[] Values { get; }

    /// <summary>Adds the products of one block.</summary>
    /// <param name="values">The block, [rows, columns].</param>
    public void Add(float[] values)
    {
        for (var i = 0; i < values.Length; i++)
            block[i] = values[i];
        session.Run(run, ["rows"], [input], ["products"], [output]);
        for (var i = 0; i < product.Length; i++)
            Values[i] += product[i];
    }

    public void Dispose()
    {
        input.Dispose();
        output.Dispose();
        run.Dispose();
        session.Dispose();
    }
}
