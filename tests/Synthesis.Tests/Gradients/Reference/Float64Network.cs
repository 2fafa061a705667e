using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Graphs.Format;

namespace PerceptionStudy.Synthesis.Tests.Gradients.Reference;

/// <summary>
/// Runs a graph in float64 by plain loops, independently of ONNX Runtime (which has no float64 kernels for Conv, AveragePool and LRN),
/// so that finite differences are exact to nine digits. Shapes are those of the import's dry run.
/// </summary>
internal sealed class Float64Network(OnnxGraph graph)
{
    private readonly Dictionary<string, Tensor64> _constants = graph.Initializers.Values
        .Where(t => t.Type() is TensorProto.Types.DataType.Float or TensorProto.Types.DataType.Double or TensorProto.Types.DataType.Int64 or TensorProto.Types.DataType.Int32 or TensorProto.Types.DataType.Bool)
        .ToDictionary(t => t.Name, t => new Tensor64([.. t.Dims], t.Type() == TensorProto.Types.DataType.Bool ? [.. t.RawData.Select(v => (double)v)] : t.Doubles()));

    /// <summary>The value of one tensor for one input.</summary>
    public double[] Run(string tensor, double[] input)
    {
        var values = new Dictionary<string, Tensor64>(_constants) { [graph.Input.Name] = new(graph.Input.Shape, input) };
        foreach (var node in graph.Nodes)
        {
            if (values.ContainsKey(tensor))
                break;
            Compute(node, values);
        }
        return values[tensor].Values;
    }

    private void Compute(NodeProto node, Dictionary<string, Tensor64> values)
    {
        Tensor64? Optional(int i) => node.InputOrNull(i) is { } name ? values[name] : null;
        Tensor64 In(int i) => values[node.Input[i]];
        long[]? Longs(int i) => Optional(i)?.Values.Select(v => (long)v).ToArray();
        var shape = graph.Tensors[node.Output[0]].Shape;
        Tensor64 Zip(Func<double, double, double> f) => Tensor64.Zip(In(0), In(1), shape, f);

        if (node.OpType == "Split")
        {
            var axis = Shapes.Axis(node.Int("axis", 0), In(0).Rank);
            var start = 0L;
            foreach (var part in node.Output.Where(o => o.Length > 0))
            {
                var length = graph.Tensors[part].Shape[axis];
                var first = start;
                values[part] = In(0).Take(axis, [.. Enumerable.Range(0, (int)length).Select(i => (long?)(first + i))]);
                start += length;
            }
            return;
        }

        if (node.OpType == "TopK")
        {
            (values[node.Output[0]], values[node.Output[1]]) = Moved64.TopK(node, In(0), shape);
            return;
        }
        if (Functions64.Of(node) is { } function)
        {
            values[node.Output[0]] = In(0).Map(function);
            return;
        }

        HashSet<int> Axes() => Reduced64.Axes(node, Longs(1), In(0).Rank);
        Tensor64 All(Func<double, double, double> f) => Enumerable.Range(0, node.Input.Count).Select(In).Aggregate((a, b) => Tensor64.Zip(a, b, shape, f));
        values[node.Output[0]] = node.OpType switch
        {
            "Conv" => Windowed64.Conv(node, In(0), In(1), Optional(2), shape),
            "MaxPool" => Windowed64.MaxPool(node, In(0), shape),
            "AveragePool" => Windowed64.AveragePool(node, In(0), shape),
            "LRN" => Windowed64.Lrn(node, In(0)),
            "GlobalAveragePool" => Reduced64.Mean(In(0), [.. Enumerable.Range(2, In(0).Rank - 2)], shape),
            "GlobalMaxPool" => In(0).Reduce(Enumerable.Range(2, In(0).Rank - 2).ToHashSet(), double.NegativeInfinity, Math.Max),
            "BatchNormalization" => Reduced64.BatchNormalization(node, In(0), In(1), In(2), In(3), In(4)),
            "Softmax" => Reduced64.Softmax(In(0), Shapes.Axis(node.Int("axis", -1), In(0).Rank)),
            "LogSoftmax" => Reduced64.Softmax(In(0), Shapes.Axis(node.Int("axis", -1), In(0).Rank)).Map(Math.Log),
            "ReduceMean" => Reduced64.Mean(In(0), Axes(), shape),
            "ReduceSum" => Reduced64.Sum(In(0), Axes(), shape),
            "ReduceMax" => In(0).Reduce(Axes(), double.NegativeInfinity, Math.Max) with { Shape = shape },
            "ReduceMin" => In(0).Reduce(Axes(), double.PositiveInfinity, Math.Min) with { Shape = shape },
            "ReduceProd" => In(0).Reduce(Axes(), 1, (product, v) => product * v) with { Shape = shape },
            "ReduceL1" => Reduced64.Sum(In(0).Map(Math.Abs), Axes(), shape),
            "ReduceL2" => Reduced64.Sum(In(0).Map(v => v * v), Axes(), shape).Map(Math.Sqrt),
            "ReduceSumSquare" => Reduced64.Sum(In(0).Map(v => v * v), Axes(), shape),
            "ReduceLogSum" => Reduced64.Sum(In(0), Axes(), shape).Map(Math.Log),
            "ReduceLogSumExp" => Reduced64.Sum(In(0).Map(Math.Exp), Axes(), shape).Map(Math.Log),
            "LayerNormalization" => Reduced64.LayerNormalization(node, In(0), In(1), Optional(2)),
            "LpPool" => Windowed64.LpPool(node, In(0), shape),
            "GlobalLpPool" => Reduced64.Sum(In(0).Map(v => Math.Pow(Math.Abs(v), node.Int("p", 2))), [.. Enumerable.Range(2, In(0).Rank - 2)], shape).Map(v => Math.Pow(v, 1.0 / node.Int("p", 2))),
            "ConvTranspose" => Windowed64.ConvTranspose(node, In(0), In(1), Optional(2), shape),
            "Einsum" => Products64.Einsum(node, [.. Enumerable.Range(0, node.Input.Count).Select(In)], shape),
            "Gemm" => Products64.Gemm(node, In(0), In(1), Optional(2), shape),
            "MatMul" => Products64.MatMul(In(0), In(1), shape),
            "Add" => Zip((a, b) => a + b),
            "Sub" => Zip((a, b) => a - b),
            "Mul" => Zip((a, b) => a * b),
            "Div" => Zip((a, b) => a / b),
            "Pow" => Zip(Math.Pow),
            "Equal" => Zip((a, b) => a == b ? 1 : 0),
            "Greater" => Zip((a, b) => a > b ? 1 : 0),
            "GreaterOrEqual" => Zip((a, b) => a >= b ? 1 : 0),
            "Less" => Zip((a, b) => a < b ? 1 : 0),
            "LessOrEqual" => Zip((a, b) => a <= b ? 1 : 0),
            "And" => Zip(Math.Min),
            "Or" => Zip(Math.Max),
            "PRelu" => Zip((x, slope) => x > 0 ? x : slope * x),
            "Where" => Tensor64.Zip(Tensor64.Zip(In(0), In(1), shape, (c, yes) => c != 0 ? yes : double.NaN), In(2), shape, (yes, no) => double.IsNaN(yes) ? no : yes),
            "Sum" => All((a, b) => a + b),
            "Mean" => All((a, b) => a + b).Map(v => v / node.Input.Count),
            "Max" => All(Math.Max),
            "Min" => All(Math.Min),
            "Clip" => In(0).Map(v => Math.Min(Math.Max(v, Optional(1)?.Values[0] ?? double.NegativeInfinity), Optional(2)?.Values[0] ?? double.PositiveInfinity)),
            "Identity" or "Dropout" or "Cast" => In(0),
            "Reshape" or "Flatten" or "Squeeze" or "Unsqueeze" => In(0) with { Shape = shape },
            "Transpose" => In(0).Transpose(node.Ints("perm") ?? [.. Enumerable.Range(0, In(0).Rank).Reverse().Select(i => (long)i)]),
            "Concat" => Moved64.Concat([.. Enumerable.Range(0, node.Input.Count).Select(In)], Shapes.Axis(node.Int("axis", 0), shape.Length), shape),
            "Gather" => Moved64.Gather(In(0), In(1), Shapes.Axis(node.Int("axis", 0), In(0).Rank), shape),
            "Slice" => Moved64.Slice(In(0), Longs(1)!, Longs(3), Longs(4), shape),
            "Expand" => In(0).Broadcast(shape),
            "Tile" => Moved64.Tile(In(0), shape),
            "Trilu" => Moved64.Trilu(node, In(0), Longs(1)?[0] ?? 0),
            "CumSum" => Moved64.CumSum(node, In(0), Longs(1)![0]),
            "DepthToSpace" => Moved64.DepthToSpace(node, In(0), shape),
            "SpaceToDepth" => Moved64.SpaceToDepth(node, In(0), shape),
            "GatherElements" => Moved64.GatherElements(In(0), In(1), Shapes.Axis(node.Int("axis", 0), In(0).Rank)),
            "GatherND" => Moved64.GatherNd(In(0), In(1), shape),
            "ScatterElements" => Moved64.ScatterElements(node, In(0), In(1), In(2)),
            "ScatterND" => Moved64.ScatterNd(node, In(0), In(1), In(2)),
            "Resize" => Resized64.Resize(node, In(0), Optional(2)?.Values, shape),
            "Pad" => Moved64.Pad(In(0), Longs(1)!, node.Text("mode", "constant"), Optional(2)?.Values[0] ?? 0, Longs(3)),
            var other => throw new NotSupportedException($"The float64 reference knows no {other}; add it in Float64Network."),
        };
    }
}
