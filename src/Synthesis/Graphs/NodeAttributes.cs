using Google.Protobuf;
using PerceptionStudy.Synthesis.Graphs.Format;

namespace PerceptionStudy.Synthesis.Graphs;

/// <summary>Reading and writing the attributes of a node.</summary>
public static class NodeAttributes
{
    /// <summary>The attribute of that name, or null.</summary>
    public static AttributeProto? Attribute(this NodeProto node, string name) => node.Attribute.FirstOrDefault(a => a.Name == name);

    /// <summary>An integer attribute, or <paramref name="otherwise"/> where the node has none.</summary>
    public static long Int(this NodeProto node, string name, long otherwise) => node.Attribute(name)?.I ?? otherwise;

    /// <summary>A float attribute, or <paramref name="otherwise"/> where the node has none.</summary>
    public static float Float(this NodeProto node, string name, float otherwise) => node.Attribute(name)?.F ?? otherwise;

    /// <summary>A text attribute, or <paramref name="otherwise"/> where the node has none.</summary>
    public static string Text(this NodeProto node, string name, string otherwise) => node.Attribute(name)?.S.ToStringUtf8() ?? otherwise;

    /// <summary>A list of integers, or null where the node has none.</summary>
    public static long[]? Ints(this NodeProto node, string name) => node.Attribute(name) is { } a ? [.. a.Ints] : null;

    /// <summary>Input <paramref name="index"/>, or null where it is left out.</summary>
    public static string? InputOrNull(this NodeProto node, int index) => index < node.Input.Count && node.Input[index].Length > 0 ? node.Input[index] : null;

    /// <summary>How a message calls this node: its name, or its first output where it has none.</summary>
    public static string Called(this NodeProto node) => node.Name.Length > 0 ? node.Name : node.Output.FirstOrDefault(o => o.Length > 0) ?? "unnamed";

    /// <summary>Takes an attribute away and returns it, or null.</summary>
    public static AttributeProto? Take(this NodeProto node, string name)
    {
        var found = node.Attribute(name);
        if (found is not null)
            node.Attribute.Remove(found);
        return found;
    }

    /// <summary>Sets an attribute. Values: long, int, bool, float, string, lists of long or float, <see cref="TensorProto"/>.</summary>
    /// <exception cref="ArgumentException">Another type of value.</exception>
    public static void Set(this NodeProto node, string name, object value)
    {
        node.Take(name);
        var attribute = new AttributeProto { Name = name };
        switch (value)
        {
            case long i: attribute.I = i; attribute.Type = AttributeProto.Types.AttributeType.Int; break;
            case int i: attribute.I = i; attribute.Type = AttributeProto.Types.AttributeType.Int; break;
            case bool b: attribute.I = b ? 1 : 0; attribute.Type = AttributeProto.Types.AttributeType.Int; break;
            case float f: attribute.F = f; attribute.Type = AttributeProto.Types.AttributeType.Float; break;
            case string s: attribute.S = ByteString.CopyFromUtf8(s); attribute.Type = AttributeProto.Types.AttributeType.String; break;
            case IEnumerable<long> list: attribute.Ints.AddRange(list); attribute.Type = AttributeProto.Types.AttributeType.Ints; break;
            case IEnumerable<float> list: attribute.Floats.AddRange(list); attribute.Type = AttributeProto.Types.AttributeType.Floats; break;
            case TensorProto t: attribute.T = t; attribute.Type = AttributeProto.Types.AttributeType.Tensor; break;
            default: throw new ArgumentException($"An attribute cannot hold a {value.GetType().Name}.", nameof(value));
        }
        node.Attribute.Add(attribute);
    }
}
