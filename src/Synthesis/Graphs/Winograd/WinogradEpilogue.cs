using PerceptionStudy.Synthesis.Graphs.Format;
using PerceptionStudy.Synthesis.Graphs.Kernels;

namespace PerceptionStudy.Synthesis.Graphs.Winograd;

/// <summary>
/// What is done with the result of a convolution before anything else reads it, and can be done while it is put together, without a pass over memory of its own:
/// a tensor is added, then a rectifier is applied, or the mask of a rectifier's gradient.
/// </summary>
/// <param name="Nodes">The nodes that are not needed then.</param>
/// <param name="Last">The node whose result it is.</param>
/// <param name="Addend">A tensor of the same shape that is added, or null.</param>
/// <param name="Mask">A tensor of the same shape; where it is not positive the result is 0; or null.</param>
/// <param name="Rectified">Whether negative values become 0.</param>
internal sealed record WinogradEpilogue(IReadOnlyList<NodeProto> Nodes, NodeProto Last, string? Addend, string? Mask, bool Rectified)
{
    /// <summary>Finds what follows some convolutions; a node belongs to one of them only.</summary>
    /// <param name="nodes">The graph.</param>
    /// <param name="convolutions">The convolutions, in the graph's order.</param>
    public static Dictionary<NodeProto, WinogradEpilogue> Find(GraphNodes nodes, IEnumerable<NodeProto> convolutions)
    {
        var taken = new HashSet<NodeProto>(ReferenceEqualityComparer.Instance);
        var found = new Dictionary<NodeProto, WinogradEpilogue>(ReferenceEqualityComparer.Instance);
        // Where two convolutions are added, the later one adds the other's result.
        foreach (var convolution in convolutions.Reverse())
        {
            var epilogue = Of(convolution);
            taken.UnionWith(epilogue.Nodes);
            found.Add(convolution, epilogue);
        }
        return found;

        WinogradEpilogue Of(NodeProto convolution)
        {
            var (last, addend, done) = (convolution, default(string), new List<NodeProto>());
            if (nodes.OnlyReader(last) is { OpType: "Add" } add && !taken.Contains(add))
            {
                var other = add.Input.First(i => i != last.Output[0]);
                if (nodes.Shape(other).SequenceEqual(nodes.Shape(last.Output[0])))
                {
                    (addend, last) = (other, add);
                    done.Add(add);
                }
            }
            if (nodes.OnlyReader(last) is not { } next || taken.Contains(next))
                return new(done, last, addend, null, false);
            return next.OpType switch
            {
                "Relu" => new([.. done, next], next, addend, null, true),
                RectifierGradient.Name when next.Input is [var result, _] && result != last.Output[0] => new([.. done, next], next, addend, result, false),
                _ => new(done, last, addend, null, false),
            };
        }
    }
}
