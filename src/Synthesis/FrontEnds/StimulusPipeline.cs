using System.Text.Json.Serialization;
using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Media;

namespace PerceptionStudy.Synthesis.FrontEnds;

/// <summary>
/// How a stimulus becomes a model's input, and how the model's output becomes one of the study's categories: a <see cref="PicturePipeline"/> or a <see cref="SoundPipeline"/>.
/// It is data that belongs to the registered model; in JSON it is the <c>P.json</c> of the command line.
/// </summary>
[JsonConverter(typeof(StimulusPipelineConverter))]
public abstract record StimulusPipeline
{
    /// <summary>Class names in the order of the model's output; absent means that classes are called by their number.</summary>
    public string[]? Classes { get; init; }

    /// <summary>Which of the model's classes belong to each category of the study.</summary>
    public Dictionary<string, int[]> Categories { get; init; } = [];

    /// <summary>
    /// <c>first-hit</c> (the default; Feather et al. 2023, <c>force_16_choice</c>): the highest class that belongs to a category;
    /// <c>mean-probability</c> (Geirhos et al. 2021): the category with the highest mean probability of its classes.
    /// </summary>
    public string Decision { get; init; } = "first-hit";

    /// <summary>Shape of what a synthesis changes and saves, with batch 1: [1,3,H,W] or [1,1,1,samples].</summary>
    internal abstract long[] StimulusShape { get; }

    /// <summary>Shape of the model's input, with batch 1.</summary>
    internal abstract long[] InputShape { get; }

    /// <summary>Lowest and highest value of a stimulus.</summary>
    internal abstract (double Low, double High) Limits { get; }

    /// <summary>Hash of what decides a model's input (not of classes, categories and decision), lower-case hexadecimal.</summary>
    public abstract string Sha256();

    /// <summary>Checks that the pipeline makes sense by itself.</summary>
    /// <exception cref="Hosting.SynthesisException">It does not; the message names the member.</exception>
    public abstract void Check();

    /// <summary>Emits the pipeline.</summary>
    /// <param name="builder">The graph.</param>
    /// <param name="stimulus">Of <see cref="StimulusShape"/>, or that with a larger batch.</param>
    /// <returns>Name of what the model reads.</returns>
    internal abstract string Emit(GraphBuilder builder, string stimulus);

    /// <summary>Reads a stimulus file as the model gets it. One that has the right form already, as everything has that was prepared or made here, stays as it is.</summary>
    internal abstract Stimulus Read(string path);

    /// <summary>A stimulus of the values that a synthesis ended with.</summary>
    internal abstract Stimulus FromTensor(ReadOnlySpan<float> values);

    /// <summary>Where a synthesis starts: noise as Feather et al. (2023) have it.</summary>
    /// <param name="seed">All stages of one stimulus start from the same noise.</param>
    internal abstract float[] Start(int seed);
}
