using PerceptionStudy.Synthesis.FrontEnds;
using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Hosting;

namespace PerceptionStudy.Synthesis.Observers;

/// <summary>How sure a model is of one category, as something that a picture can be moved along.</summary>
internal static class CategoryReadout
{
    // Between the scores of the classes and the model's output stand only these.
    private static readonly HashSet<string> Endings = ["Softmax", "LogSoftmax", "Reshape", "Flatten", "Squeeze", "Identity"];

    /// <summary>The classes of a category of the pipeline; failing that the class of that name, or of that number.</summary>
    /// <param name="category">The category or class.</param>
    /// <param name="pipeline">The model's pipeline.</param>
    /// <param name="outputs">Number of classes that the model has.</param>
    /// <exception cref="SynthesisException">The model knows none of that name, or all of its classes belong to it.</exception>
    public static int[] ClassesOf(string category, PicturePipeline pipeline, long outputs)
    {
        var classes = pipeline.Categories.TryGetValue(category, out var named) ? named
            : pipeline.Classes is { } names && Array.IndexOf(names, category) is >= 0 and var index ? [index]
            : int.TryParse(category, out var number) && number >= 0 && number < outputs ? [number]
            : throw new SynthesisException($"The model knows no category or class '{category}'; it knows {Known(pipeline, outputs)}.");
        if (classes.Any(c => c >= outputs))
            throw new SynthesisException($"The category {category} names class {classes.Max()}, but the model's last output has {outputs} classes (0 to {outputs - 1}).");
        return classes.Distinct().Count() < outputs ? classes : throw new SynthesisException($"All of the model's classes belong to {category}, so it cannot see anything else.");
    }

    /// <summary>The tensor of the classes' scores: the model's last output, or what its softmax reads.</summary>
    public static string ScoresOf(OnnxGraph graph)
    {
        var (tensor, scores) = (graph.Outputs[^1], graph.Outputs[^1]);
        while (graph.Producers.TryGetValue(tensor, out var node) && Endings.Contains(node.OpType))
        {
            tensor = node.Input[0];
            if (node.OpType is "Softmax" or "LogSoftmax")
                scores = tensor;
        }
        return scores;
    }

    /// <summary>Emits log(p / (1 − p)) of the softmax probability p that the class is one of those named, without computing p, which would round to 0 or 1.</summary>
    /// <param name="builder">The graph.</param>
    /// <param name="scores">The scores of one picture, any shape.</param>
    /// <param name="classes">The classes.</param>
    /// <returns>Name of the log odds, [1, 1].</returns>
    public static string EmitLogOdds(GraphBuilder builder, string scores, int[] classes)
    {
        var count = Shapes.Size(builder.Shape(scores));
        var row = builder.Reshape(scores, 1, count);
        long[] inside = [.. classes.Distinct().Select(c => (long)c)];
        long[] outside = [.. Enumerable.Range(0, (int)count).Select(c => (long)c).Except(inside)];
        return builder.Emit("Sub", [LogSumExp(builder, row, inside), LogSumExp(builder, row, outside)]);
    }

    // log Σ exp v = v₀ − logsoftmax(v)₀, which does not overflow.
    private static string LogSumExp(GraphBuilder builder, string row, long[] columns)
    {
        var some = Columns(builder, row, columns);
        return columns.Length == 1 ? some : builder.Emit("Sub", [Columns(builder, some, [0]), Columns(builder, builder.Emit("LogSoftmax", [some], null, ("axis", 1L)), [0])]);
    }

    private static string Columns(GraphBuilder builder, string row, long[] columns) =>
        builder.Emit("Gather", [row, builder.Integers("classes", columns)], [1, columns.Length], ("axis", 1L));

    private static string Known(PicturePipeline pipeline, long outputs) =>
        pipeline.Categories.Count > 0 ? string.Join(", ", pipeline.Categories.Keys.Take(20))
        : pipeline.Classes is { Length: > 0 } names ? string.Join(", ", names.Take(20)) + (names.Length > 20 ? ", ..." : "")
        : $"its classes by number, 0 to {outputs - 1}";
}
