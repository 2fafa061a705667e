using PerceptionStudy.Synthesis.Gradients;
using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Tests.Graphs;

namespace PerceptionStudy.Synthesis.Tests.Gradients;

/// <summary>Where several values of a window are the largest, exactly the first of them gets the window's gradient, once.</summary>
public class MaxPoolTies
{
    [Theory]
    [InlineData(2, 2, 0, 1)]
    [InlineData(2, 2, 0, 2)]
    [InlineData(3, 2, 1, 1)]
    [InlineData(3, 2, 1, 3)]
    [InlineData(3, 1, 1, 2)]
    public void The_first_largest_value_of_each_window_gets_the_gradient(int kernel, int stride, int pad, int differentValues)
    {
        const int size = 8;
        var graph = new TestModel().Input("x", [1, 1, size, size])
            .Node("MaxPool", "y", ["x"], ("kernel_shape", new long[] { kernel, kernel }), ("strides", new long[] { stride, stride }), ("pads", new long[] { pad, pad, pad, pad }))
            .Output("y").Graph();
        var random = new Random(3);
        var x = Enumerable.Range(0, size * size).Select(_ => -1.0 - random.Next(differentValues)).ToArray();
        var windows = (int)graph.Tensors["y"].Shape[2];
        var r = random.Floats(windows * windows, -1, 1);

        var expected = new double[x.Length];
        for (var w = 0; w < r.Length; w++)
        {
            var (top, left) = (w / windows * stride - pad, w % windows * stride - pad);
            var inside = from row in Enumerable.Range(top, kernel) where row is >= 0 and < size
                         from column in Enumerable.Range(left, kernel) where column is >= 0 and < size
                         select row * size + column;
            expected[inside.MaxBy(i => x[i])] += r[w];
        }
        Assert.All(expected.Zip(FiniteDifferences.Gradient(graph, "y", r, x)), p => Assert.Equal(p.First, p.Second, 1e-6));
    }

    [Fact]
    public void Windows_of_silent_units_pass_nothing_through_the_relu()
    {
        var graph = new TestModel().Input("x", [1, 1, 8, 8]).Node("Relu", "a", ["x"])
            .Node("MaxPool", "y", ["a"], ("kernel_shape", new long[] { 3, 3 }), ("strides", new long[] { 2, 2 })).Output("y").Graph();
        var ones = Enumerable.Repeat(1.0, 9).ToArray();
        Assert.All(FiniteDifferences.Gradient(graph, "y", ones, [.. Enumerable.Repeat(-1.0, 64)]), g => Assert.Equal(0, g));
        Assert.Equal(9, FiniteDifferences.Gradient(graph, "y", ones, [.. Enumerable.Repeat(1.0, 64)]).Sum(), 1e-6);
    }

    /// <summary>The pool's rule masks instead of the rectifier's; not where the rectifier's output is read elsewhere too, or is the stage.</summary>
    [Theory]
    [InlineData(2, 2)]
    [InlineData(3, 2)]
    public void A_rectifier_before_a_pool_masks_once(int kernel, int stride)
    {
        TestModel Net() => new TestModel().Input("x", [1, 2, 8, 8]).Node("Relu", "a", ["x"])
            .Node("MaxPool", "y", ["a"], ("kernel_shape", new long[] { kernel, kernel }), ("strides", new long[] { stride, stride }));
        var x = new Random(5).Floats(128, -1, 1);
        var alone = Net().Output("y").Graph();
        var (gradient, differences) = FiniteDifferences.Compare(alone, x, "y");
        Assert.All(gradient.Zip(differences), p => Assert.Equal(p.Second, p.First, 1e-5));
        Assert.Equal(alone.Tensors["y"].Size, Masks(alone, "y").Single().Size);

        var readTwice = Net().Node("GlobalAveragePool", "m", ["a"]).Node("GlobalAveragePool", "n", ["y"]).Node("Add", "s", ["m", "n"]).Output("s").Graph();
        (gradient, differences) = FiniteDifferences.Compare(readTwice, x, "s");
        Assert.All(gradient.Zip(differences), p => Assert.Equal(p.Second, p.First, 1e-5));
        Assert.Equal(readTwice.Input.Size, Masks(readTwice, "s").Single().Size);
    }

    private static IEnumerable<TensorInfo> Masks(OnnxGraph graph, string stage)
    {
        var builder = GradientGraph.Forward(graph, stage);
        GradientGraph.Append(builder, graph, graph.Input.Name, stage, stage);
        return builder.Nodes.Where(n => n.OpType == "Greater").Select(n => builder.Tensor(n.Output[0]));
    }
}
