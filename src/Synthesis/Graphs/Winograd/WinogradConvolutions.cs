using PerceptionStudy.Synthesis.Graphs.Format;
using PerceptionStudy.Synthesis.Graphs.Kernels;

namespace PerceptionStudy.Synthesis.Graphs.Winograd;

/// <summary>
/// Writes those convolutions of a graph by Winograd's transform that become faster so on a processor, forward ones and those of the backward pass alike.
/// The results differ by some 1e-6 of the largest one, as those of any two orders of summation. Not for GPUs, whose libraries choose their algorithms themselves.
/// </summary>
public static class WinogradConvolutions
{
    /// <summary>A convolution is rewritten if it gains more than this part of its time.</summary>
    private const double LeastGain = 0.15;

    /// <summary>The most bytes that transformed weights take in one graph.</summary>
    public const long MostWeightBytes = 1L << 29;

    // A serialised model holds 2 GB; some of it is left for what is not weights.
    private const long MostModelBytes = 2_000_000_000;

    /// <param name="model">A model as <see cref="GraphBuilder.ToModel"/> writes it, with the shapes of all tensors.</param>
    /// <param name="everywhere">Also where it is slower; for tests.</param>
    /// <param name="bytesAtOnce">The most bytes of patches and products that are held at once; null: as suits the processor.</param>
    /// <param name="mostWeightBytes">The most bytes that transformed weights take; where more would gain, those that gain most for their size are taken.</param>
    /// <returns>The model with the same inputs and outputs; tensors keep their names.</returns>
    public static ModelProto Run(ModelProto model, bool everywhere = false, long? bytesAtOnce = null, long mostWeightBytes = MostWeightBytes)
    {
        ArgumentNullException.ThrowIfNull(model);
        var nodes = new GraphNodes(model.Graph);
        var (shapes, constants) = (nodes.Tensors, nodes.Constants);
        var chosen = Choose(model.Graph.Node, shapes, constants, everywhere, mostWeightBytes);
        if (chosen.Count == 0)
            return model;

        var epilogues = WinogradEpilogue.Find(nodes, model.Graph.Node.Where(chosen.ContainsKey));
        // A convolution stands where the last node stood whose work it does: all that it reads is before that.
        var emitted = new Dictionary<NodeProto, NodeProto>(epilogues.Select(e => KeyValuePair.Create(e.Value.Last, e.Key)), ReferenceEqualityComparer.Instance);
        var done = new HashSet<NodeProto>([.. chosen.Keys, .. epilogues.Values.SelectMany(e => e.Nodes)], ReferenceEqualityComparer.Instance);
        var builder = new GraphBuilder();
        foreach (var set in model.OpsetImport)
            builder.Opsets[set.Domain] = set.Version;
        builder.Opsets[CpuKernels.Domain] = 1;
        builder.Reserve([.. shapes.Keys, .. constants.Keys]);
        foreach (var input in model.Graph.Input)
            builder.Input(input.Name, shapes[input.Name].Shape, shapes[input.Name].Type);
        var read = model.Graph.Node.Where(n => !done.Contains(n)).SelectMany(Subgraphs.Reads)
            .Concat(chosen.Keys.Select(n => n.InputOrNull(2) ?? "")).Concat(epilogues.Values.Select(e => e.Addend ?? "")).ToHashSet();
        foreach (var constant in model.Graph.Initializer.Where(c => read.Contains(c.Name)))
            builder.Add(constant);
        foreach (var node in model.Graph.Node)
        {
            if (emitted.TryGetValue(node, out var convolution))
            {
                var weights = $"winograd_{convolution.Input[1]}";
                if (!builder.Has(weights))
                    builder.Add(WinogradTransform.Weights(weights, constants[convolution.Input[1]]));
                chosen[convolution].Emit(builder, weights, epilogues[convolution], bytesAtOnce);
            }
            else if (!done.Contains(node))
            {
                builder.Add(node, [.. node.Output.Where(shapes.ContainsKey).Select(o => shapes[o])]);
            }
        }
        foreach (var output in model.Graph.Output)
            builder.Output(output.Name);
        return builder.ToModel();
    }

    private static Dictionary<NodeProto, WinogradConvolution> Choose(
        IEnumerable<NodeProto> nodes, IReadOnlyDictionary<string, TensorInfo> shapes, IReadOnlyDictionary<string, TensorProto> constants, bool everywhere, long mostWeightBytes)
    {
        var candidates = nodes.Where(n => n.Input.Count > 1 && WinogradConvolution.Fits(n, constants.GetValueOrDefault(n.Input[1])))
            .Select(n => (Node: n, Convolution: new WinogradConvolution(n, shapes[n.Input[0]].Shape, shapes[n.Output[0]].Shape))).Where(c => c.Convolution.IsNarrow);
        if (everywhere)
            return new(candidates.Select(c => KeyValuePair.Create(c.Node, c.Convolution)), ReferenceEqualityComparer.Instance);
        var left = Math.Min(mostWeightBytes, MostModelBytes - constants.Values.Sum(c => (long)c.RawData.Length));
        var worthwhile = candidates.Where(c => c.Convolution.Cost < (1 - LeastGain) * c.Convolution.DirectCost)
            .OrderByDescending(c => (double)(c.Convolution.DirectCost - c.Convolution.Cost) / c.Convolution.WeightBytes)
            .TakeWhile(c => (left -= c.Convolution.WeightBytes) >= 0);
        return new(worthwhile.Select(c => KeyValuePair.Create(c.Node, c.Convolution)), ReferenceEqualityComparer.Instance);
    }
}
