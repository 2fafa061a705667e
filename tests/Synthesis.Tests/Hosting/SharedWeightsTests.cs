using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Graphs.Format;
using PerceptionStudy.Synthesis.Hosting;
using PerceptionStudy.Synthesis.Tests.Graphs;
using DataType = PerceptionStudy.Synthesis.Graphs.Format.TensorProto.Types.DataType;

namespace PerceptionStudy.Synthesis.Tests.Hosting;

/// <summary>Large dense weights that sessions read in place.</summary>
public class SharedWeightsTests
{
    private const long Inputs = 2048, Outputs = 2050;

    /// <summary>Forward and backward product with one matrix, also after a collection that moves what is not held in place.</summary>
    [Fact]
    public void A_session_reads_them_where_they_are()
    {
        var model = Dense(pictures: 1);
        var x = new Random(1).Floats(Inputs, -1, 1);
        using var own = model.Session();
        var expected = own.Run(("x", DataType.Float, [1, Inputs], x));
        using var options = new SessionOptions();
        using var weights = SharedWeights.Lend(model, options);
        using var session = new InferenceSession(model.ToByteArray(), options);
        Assert.Equal(["w"], session.OverridableInitializerMetadata.Keys);
        Assert.Equal(["x"], session.InputNames);
        GC.Collect(2, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        var actual = session.Run(("x", DataType.Float, [1, Inputs], x));
        for (var i = 0; i < expected.Length; i++)
            Assert.True(expected[i].Zip(actual[i], (e, a) => Math.Abs(e - a)).Max() <= 1e-5 * expected[i].Max(Math.Abs));
    }

    [Fact]
    public void Several_pictures_need_them_in_the_order_of_the_runtime()
    {
        var model = Dense(pictures: 2);
        using var options = new SessionOptions();
        using var weights = SharedWeights.Lend(model, options);
        Assert.Equal(["x"], model.Graph.Input.Select(i => i.Name));
    }

    private static ModelProto Dense(long pictures)
    {
        var b = new GraphBuilder();
        b.Input("x", [pictures, Inputs]);
        b.Add(TensorData.Of("w", [Outputs, Inputs], Array.ConvertAll(new Random(2).Floats(Outputs * Inputs, -0.1, 0.1), v => (float)v)));
        var y = b.Emit("Relu", [b.Emit("Gemm", ["x", "w"], [pictures, Outputs], ("transB", 1))]);
        b.Output(y, "y");
        b.Output(b.Emit("Gemm", [y, "w"], [pictures, Inputs]), "dx");
        return b.ToModel();
    }
}
