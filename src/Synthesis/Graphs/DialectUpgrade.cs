using PerceptionStudy.Synthesis.Graphs.Format;
using DataType = PerceptionStudy.Synthesis.Graphs.Format.TensorProto.Types.DataType;

namespace PerceptionStudy.Synthesis.Graphs;

/// <summary>
/// Brings a graph of operator set 7 or newer to the forms of <see cref="GraphBuilder.DialectOpset"/>, so that a rule sees one form:
/// what became an input is an input (axes, limits, pads, slices), Constant nodes are initialisers, dropout is an Identity,
/// normalisations have one output. Newer files change no meaning of the operators concerned.
/// </summary>
internal static class DialectUpgrade
{
    private static readonly HashSet<string> AxesOperators =
        ["Squeeze", "Unsqueeze", "ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin", "ReduceProd", "ReduceL1", "ReduceL2",
         "ReduceLogSum", "ReduceLogSumExp", "ReduceSumSquare"];

    public static void Run(GraphProto graph, long opset)
    {
        var nodes = graph.Node.ToArray();
        var read = nodes.SelectMany(Subgraphs.Reads).Concat(graph.Output.Select(o => o.Name)).ToHashSet();
        graph.Node.Clear();
        foreach (var node in nodes)
        {
            foreach (var inner in Subgraphs.Of(node))
                Run(inner, opset);
            if (node.Domain is "" or "ai.onnx")
            {
                node.Domain = "";
                graph.Node.AddRange(Upgrade(graph, node, opset, read));
            }
            else
                graph.Node.Add(node);
        }
    }

    private static IEnumerable<NodeProto> Upgrade(GraphProto graph, NodeProto node, long opset, HashSet<string> read)
    {
        switch (node.OpType)
        {
            case "Constant":
                graph.Initializer.Add(ConstantValue(node));
                return [];
            case "Dropout":
                // Networks are used as they are after training; only a mask that something reads keeps the node.
                if (node.Output.Count < 2 || !read.Contains(node.Output[1]))
                    return [Node("Identity", node.Name, node.Output[0], node.Input[0])];
                node.Take("ratio");
                break;
            case "BatchNormalization" when node.Int("training_mode", 0) == 0:
                while (node.Output.Count > 1)
                    node.Output.RemoveAt(1);
                node.Take("spatial");
                node.Take("momentum");
                break;
            case "Scatter":
                node.OpType = "ScatterElements";
                break;
            case "Softmax" or "LogSoftmax" or "Hardmax" when opset < 13:
                return Flattened(graph, node);
            case "Upsample" or "Resize" when opset < 11:
                return [Resized(graph, node)];
            case "Split" when node.Take("split") is { } parts:
                AddInput(node, 1, Integers(graph, node, "split", [.. parts.Ints]));
                break;
            case "Split" when opset < 18 && node.InputOrNull(1) is null:
                node.Set("num_outputs", node.Output.Count);
                break;
            case "TopK" when node.Take("k") is { } count:
                AddInput(node, 1, Integers(graph, node, "k", [count.I]));
                break;
            case "Clip" when opset < 11:
                AddInput(node, 1, Scalar(graph, node, "min", node.Take("min")?.F));
                AddInput(node, 2, Scalar(graph, node, "max", node.Take("max")?.F));
                break;
            case "Pad" when opset < 11:
                AddInput(node, 1, Integers(graph, node, "pads", [.. node.Take("pads")?.Ints ?? []]));
                AddInput(node, 2, Scalar(graph, node, "value", node.Take("value")?.F));
                break;
            case "Slice" when opset < 10:
                AddInput(node, 1, Integers(graph, node, "starts", [.. node.Take("starts")?.Ints ?? []]));
                AddInput(node, 2, Integers(graph, node, "ends", [.. node.Take("ends")?.Ints ?? []]));
                AddInput(node, 3, node.Take("axes") is { } axes ? Integers(graph, node, "axes", [.. axes.Ints]) : "");
                break;
            default:
                if (AxesOperators.Contains(node.OpType) && node.Take("axes") is { } reduced)
                    AddInput(node, 1, Integers(graph, node, "axes", [.. reduced.Ints]));
                break;
        }
        return [node];
    }

    private static TensorProto ConstantValue(NodeProto node)
    {
        var name = node.Output[0];
        var attribute = node.Attribute.FirstOrDefault(a => a.Name.StartsWith("value", StringComparison.Ordinal) && (a.Name != "value" || a.T is not null)) ?? throw new ModelFormatException($"The constant {name} has no value; export the model again.");
        switch (attribute.Name)
        {
            case "value":
                var value = attribute.T.Clone();
                value.Name = name;
                return value;
            case "value_float": return TensorData.Of(name, [], new[] { attribute.F });
            case "value_int": return TensorData.Of(name, [], new[] { attribute.I });
            case "value_floats": return TensorData.Of(name, [attribute.Floats.Count], attribute.Floats.ToArray());
            case "value_ints": return TensorData.Of(name, [attribute.Ints.Count], attribute.Ints.ToArray());
            default: throw new ModelFormatException($"The constant {name} has a value of the kind {attribute.Name}, which cannot be read; export the model again.");
        }
    }

    // Before operator set 13 these worked on the input flattened to two dimensions at the axis.
    private static IEnumerable<NodeProto> Flattened(GraphProto graph, NodeProto node)
    {
        var axis = node.Int("axis", 1);
        node.Set("axis", -1L);
        if (axis == -1)
            return [node];
        var (input, output) = (node.Input[0], node.Output[0]);
        var (flat, result, shape) = ($"{output}_flat", $"{output}_flat_result", $"{output}_flat_shape");
        var flatten = Node("Flatten", $"{node.Called()}_flatten", flat, input);
        flatten.Set("axis", axis);
        node.Input[0] = flat;
        node.Output[0] = result;
        return [flatten, node, Node("Shape", $"{node.Called()}_shape", shape, input), Node("Reshape", $"{node.Called()}_reshape", output, result, shape)];
    }

    // Before operator set 11, nearest took the next lower value where it made larger and the next higher where it made smaller.
    private static NodeProto Resized(GraphProto graph, NodeProto node)
    {
        var scales = node.Take("scales") is { } attribute
            ? Add(graph, node, "scales", TensorData.Of("", [attribute.Floats.Count], attribute.Floats.ToArray()))
            : node.InputOrNull(1) ?? throw new ModelFormatException($"Node {node.Called()} ({node.OpType}) has no scales; export the model again.");
        var mode = node.Text("mode", "nearest");
        var known = graph.Initializer.FirstOrDefault(t => t.Name == scales)?.Doubles();
        if (mode == "nearest" && node.OpType == "Resize" && (known is null || (known.Any(s => s < 1) && known.Any(s => s > 1))))
            throw new ModelFormatException($"Node {node.Called()} (Resize) has scales that are computed, or both enlarge and reduce; export the model with operator set 11 or newer.");
        var resize = Node("Resize", node.Name, node.Output[0], node.Input[0], "", scales);
        resize.Set("mode", mode);
        resize.Set("coordinate_transformation_mode", "asymmetric");
        resize.Set("nearest_mode", known is not null && known.Any(s => s < 1) ? "ceil" : "floor");
        return resize;
    }

    private static void AddInput(NodeProto node, int index, string name)
    {
        while (node.Input.Count <= index)
            node.Input.Add("");
        node.Input[index] = name;
    }

    private static NodeProto Node(string opType, string name, string output, params string[] inputs)
    {
        var node = new NodeProto { OpType = opType, Name = name };
        node.Input.AddRange(inputs);
        node.Output.Add(output);
        return node;
    }

    private static string Integers(GraphProto graph, NodeProto node, string what, long[] values) =>
        Add(graph, node, what, TensorData.Of("", [values.Length], values));

    private static string Scalar(GraphProto graph, NodeProto node, string what, float? value) =>
        value is { } v ? Add(graph, node, what, TensorData.Of("", [], new[] { v })) : "";

    private static string Add(GraphProto graph, NodeProto node, string what, TensorProto tensor)
    {
        tensor.Name = $"{node.Output[0]}_{what}";
        graph.Initializer.Add(tensor);
        return tensor.Name;
    }
}
