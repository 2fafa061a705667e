using System.Reflection;
using PerceptionStudy.Synthesis.Graphs.Format;

namespace PerceptionStudy.Synthesis.Graphs.Decompositions;

/// <summary>
/// Marks a method that writes an operator as others: functional ones of the standard, and those that ONNX Runtime's tools fuse. They need
/// no gradient of their own then. The method is static, takes (<see cref="NodeProto"/> node, <c>long[]</c> shape of its
/// first output, <see cref="GraphBuilder"/> builder), and returns the name of that output, or null to leave a use of the operator as it is.
/// </summary>
/// <param name="domain">The operator's domain; empty for the standard's.</param>
/// <param name="operatorType">Its op_type, which is also the name of the file.</param>
/// <param name="formula">What it is written as, for docs/OPERATORS.md.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class DecompositionAttribute(string domain, string operatorType, string formula) : Attribute
{
    /// <summary>The operator's domain; empty for the standard's.</summary>
    public string Domain { get; } = domain;

    /// <summary>The op_type.</summary>
    public string OperatorType { get; } = operatorType;

    /// <summary>What it is written as.</summary>
    public string Formula { get; } = formula;

    /// <summary>What a reader of the list of operators should know, for example a limit; null if nothing.</summary>
    public string? Note { get; init; }
}

/// <summary>How one operator is written as others.</summary>
/// <param name="Domain">The operator's domain; empty for the standard's.</param>
/// <param name="OperatorType">Its op_type.</param>
/// <param name="Formula">What it is written as.</param>
/// <param name="Note">What to know about it, or null.</param>
/// <param name="Apply">Emits the others.</param>
public sealed record Decomposition(string Domain, string OperatorType, string Formula, string? Note, Func<NodeProto, long[], GraphBuilder, string?> Apply)
{
    /// <summary>All of this project, by domain and operator.</summary>
    public static IReadOnlyDictionary<(string Domain, string OperatorType), Decomposition> All { get; } = typeof(Decomposition).Assembly.GetTypes()
        .SelectMany(t => t.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
        .SelectMany(m => m.GetCustomAttributes<DecompositionAttribute>(), (m, a) =>
            new Decomposition(a.Domain, a.OperatorType, a.Formula, a.Note, m.CreateDelegate<Func<NodeProto, long[], GraphBuilder, string?>>()))
        .ToDictionary(d => (d.Domain, d.OperatorType));

    /// <summary>Writes the nodes of a graph anew, with those decomposed that can be. Tensors of the file keep their names.</summary>
    /// <param name="nodes">Nodes in topological order.</param>
    /// <param name="read">Names of the tensors that something reads, the model's outputs included.</param>
    /// <param name="builder">The graph that gets them; it holds the input and the constants.</param>
    /// <param name="tensors">Types and shapes.</param>
    public static void Run(IEnumerable<NodeProto> nodes, IReadOnlySet<string> read, GraphBuilder builder, IReadOnlyDictionary<string, TensorInfo> tensors)
    {
        foreach (var node in nodes)
        {
            var onlyFirst = node.Output.Skip(1).All(o => o.Length == 0 || !read.Contains(o));
            if (onlyFirst && All.TryGetValue((node.Domain, node.OpType), out var decomposition))
            {
                builder.NamePrefix = $"{node.Output[0]}/";
                var before = builder.Nodes.Count;
                if (decomposition.Apply(node, tensors[node.Output[0]].Shape, builder) is { } result)
                {
                    builder.Rename(result, node.Output[0]);
                    foreach (var part in builder.Nodes.Skip(before))
                        TakeOrigin(part, node);
                    continue;
                }
            }
            builder.Add(node, [.. node.Output.Where(tensors.ContainsKey).Select(o => tensors[o])]);
        }
    }

    // The parts of an operator lie in the module where it lay: its name up to the last part, and its metadata, tell which.
    private static void TakeOrigin(NodeProto part, NodeProto whole)
    {
        part.Name = part.Output[0] == whole.Output[0] ? whole.Name : $"{whole.Name[..(whole.Name.LastIndexOf('/') + 1)]}{part.OpType}";
        part.MetadataProps.AddRange(whole.MetadataProps);
    }
}
