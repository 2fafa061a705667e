using System.Globalization;
using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.FrontEnds;

/// <summary>What a model file tells about the sounds that it wants.</summary>
/// <param name="Pipeline">The pipeline; where the file is silent, its defaults.</param>
/// <param name="Reasons">What was read where, and what the file does not say: one sentence each.</param>
public sealed record InferredSound(SoundPipeline Pipeline, string[] Reasons);

/// <summary>
/// Reads a sound pipeline out of a model file: an input of one dimension besides the batch is a waveform, one of the size of a usual cochleagram is that. It is a proposal:
/// only the model's answers to sounds show whether it is right.
/// </summary>
public static class SoundInference
{
    private static readonly string[] RateNames = ["sampling_rate", "sample_rate", "samplerate", "rate_hz", "sr"];

    /// <summary>The pipeline that a file suggests; null if its input is neither.</summary>
    /// <param name="graph">The model.</param>
    public static InferredSound? Of(OnnxGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var shape = graph.Input.Shape[1..];
        long[] sizes = [.. shape.Where(d => d != 1)];
        var stated = RateNames.Select(name => graph.Metadata.FirstOrDefault(m => string.Equals(m.Key, name, StringComparison.OrdinalIgnoreCase)).Value)
            .Select(text => double.TryParse(text, CultureInfo.InvariantCulture, out var rate) && rate is >= 4000 and <= 384_000 ? (int)rate : (int?)null).FirstOrDefault(rate => rate is not null);
        var pipeline = new SoundPipeline { Shape = shape, RateHz = stated ?? new SoundPipeline().RateHz };
        var rateReason = stated is null ? "The file does not say the sampling rate; 20,000 Hz is assumed." : $"The sampling rate, {stated:N0} Hz, is from the file's metadata.";
        if (sizes is [var samples and > 1000])
            return new(WithClasses(pipeline with { Samples = (int)samples }, graph), [$"The input {graph.Input.Name} is {Shapes.Text(graph.DeclaredInput.Shape)}: a waveform of {samples:N0} samples.", rateReason]);
        foreach (var overcompleteness in new[] { 4, 2, 1 })
            if (new CochleagramParameters { Overcompleteness = overcompleteness } is var c && sizes is [var bands, var frames] && bands == c.Bands && frames == c.Frames(20_000, 40_000))
                return new(
                    WithClasses(pipeline with { RateHz = 20_000, Cochleagram = c }, graph),
                    [$"The input {graph.Input.Name} is {Shapes.Text(graph.DeclaredInput.Shape)}: the cochleagram of Feather et al. (2023) of 2 s at 20,000 Hz, 50 filters x {overcompleteness}."]);
        return null;
    }

    // A vocabulary: each word is a category.
    private static SoundPipeline WithClasses(SoundPipeline pipeline, OnnxGraph graph) =>
        new PipelineMetadata(graph.Metadata).Classes is { } classes && classes.Length == graph.Tensors[graph.Outputs[^1]].Size
            ? pipeline with { Classes = classes, Categories = classes.Index().GroupBy(c => c.Item).ToDictionary(g => g.Key, g => g.Select(c => c.Index).ToArray()) } : pipeline;
}
