using PerceptionStudy.Synthesis.FrontEnds;
using PerceptionStudy.Synthesis.Hosting;

namespace PerceptionStudy.Server.Models;

/// <summary>Finds what cannot work in a pipeline with a model before anything runs with it.</summary>
public static class PipelineCheck
{
    /// <summary>One sentence for each fault; none if the pipeline can be used.</summary>
    public static IEnumerable<string> Problems(StimulusPipeline pipeline, long outputs)
    {
        if (Alone(pipeline) is { } problem) yield return problem;
        if (pipeline.Classes is { } classes && classes.Length != outputs)
            yield return $"The model has {outputs} outputs, but {classes.Length} class names are given.";
        foreach (var (category, indices) in pipeline.Categories)
        {
            if (indices.Any(i => i >= outputs)) yield return $"Category {category} names class {indices.First(i => i >= outputs)}, but the model's outputs are 0 to {outputs - 1}.";
        }
    }

    private static string? Alone(StimulusPipeline pipeline)
    {
        try
        {
            pipeline.Check();
            return null;
        }
        catch (SynthesisException e)
        {
            return e.Message;
        }
    }
}
