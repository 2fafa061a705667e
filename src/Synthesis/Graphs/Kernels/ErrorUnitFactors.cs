using PerceptionStudy.Synthesis.Graphs.Format;

namespace PerceptionStudy.Synthesis.Graphs.Kernels;

/// <summary>Lets <see cref="ErrorUnits"/> multiply with the number that exporters multiply GELU with, and its gradient.</summary>
internal static class ErrorUnitFactors
{
    /// <param name="graph">The graph; it is changed.</param>
    public static void Run(GraphProto graph)
    {
        var nodes = new GraphNodes(graph);
        foreach (var unit in graph.Node.Where(n => n.Domain == CpuKernels.Domain && n.OpType is ErrorUnits.Name or ErrorUnits.GradientName).ToArray())
        {
            var ofGradient = unit.OpType == ErrorUnits.GradientName;
            if ((ofGradient ? nodes.Producer(unit.Input[1]) : nodes.OnlyReader(unit)) is not { } product
                || (ofGradient ? nodes.OnlyReader(product) != unit : !nodes.Shape(product.Output[0]).SequenceEqual(nodes.Shape(unit.Output[0])))
                || nodes.Scaled(product) is not var (tensor, number))
                continue;
            var sizes = unit.Ints(OrtOperator.Sizes)!;
            for (var i = 0; i < 2; i++)
                sizes[i] = BitConverter.SingleToInt32Bits(BitConverter.Int32BitsToSingle((int)sizes[i]) * number);
            unit.Set(OrtOperator.Sizes, sizes);
            if (ofGradient)
                unit.Input[1] = tensor;
            else
                unit.Output[0] = product.Output[0];
            graph.Node.Remove(product);
        }
    }
}
