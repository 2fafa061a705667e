using PerceptionStudy.Synthesis.Graphs.Format;

namespace PerceptionStudy.Synthesis.Graphs.Kernels;

/// <summary>
/// Writes GELU as <see cref="ErrorUnits"/>, and lets it and its gradient, which <see cref="Gradients.Rules.Mul"/> notes, do the multiplication with a number that exporters write behind it.
/// </summary>
internal static class ErrorUnitFusion
{
    /// <param name="graph">The graph; it is changed.</param>
    public static void Run(GraphProto graph)
    {
        var nodes = new GraphNodes(graph);
        foreach (var product in graph.Node)
        {
            if (ErrorUnit.Of(product, nodes.Producer, nodes.Constants.GetValueOrDefault) is not { } unit || nodes.Tensors[unit.X].Type != TensorProto.Types.DataType.Float)
                continue;
            (product.OpType, product.Domain) = (ErrorUnits.Name, CpuKernels.Domain);
            product.Input.Clear();
            product.Input.Add(unit.X);
            product.Set(OrtOperator.Sizes, unit.Sizes(nodes.Shape(unit.X)));
        }
        UnreadNodes.Remove(graph);
        nodes = new GraphNodes(graph);
        foreach (var unit in graph.Node.Where(n => n.Domain == CpuKernels.Domain && n.OpType is ErrorUnits.Name or ErrorUnits.GradientName).ToArray())
            TakeFactor(unit, nodes, graph);
    }

    private static void TakeFactor(NodeProto unit, GraphNodes nodes, GraphProto graph)
    {
        var ofGradient = unit.OpType == ErrorUnits.GradientName;
        var product = ofGradient ? nodes.Producer(unit.Input[1]) : nodes.OnlyReader(unit);
        if (product?.OpType != "Mul" || (ofGradient && nodes.OnlyReader(product) != unit) || Scalars.With(product, nodes.Constants.GetValueOrDefault) is not var (tensor, number))
            return;
        var sizes = unit.Ints(OrtOperator.Sizes)!;
        for (var i = 0; i < 2; i++)
            sizes[i] = BitConverter.SingleToInt32Bits(BitConverter.Int32BitsToSingle((int)sizes[i]) * (float)number);
        unit.Set(OrtOperator.Sizes, sizes);
        if (ofGradient)
            unit.Input[1] = tensor;
        else
            unit.Output[0] = product.Output[0];
        graph.Node.Remove(product);
    }
}
