using PerceptionStudy.Synthesis.FrontEnds;

namespace PerceptionStudy.Server.Stimuli;

/// <summary>What is said of the stimuli of a medium.</summary>
public static class MediumWords
{
    /// <summary><c>picture</c> or <c>sound</c>.</summary>
    public static string One(this StimulusMedium medium) => medium == StimulusMedium.Sound ? "sound" : "picture";

    /// <summary><c>pictures</c> or <c>sounds</c>.</summary>
    public static string Many(this StimulusMedium medium) => medium.One() + "s";

    /// <summary><c>1 picture</c>, <c>1,200 sounds</c>.</summary>
    public static string Count(this StimulusMedium medium, int count) => $"{count:N0} {(count == 1 ? medium.One() : medium.Many())}";

    /// <summary>What a model does with them: <c>sees</c> or <c>hears</c>.</summary>
    public static string Takes(this StimulusMedium medium) => medium == StimulusMedium.Sound ? "hears" : "sees";

    /// <summary>Which medium a pipeline, and so its model, takes.</summary>
    public static StimulusMedium Medium(this StimulusPipeline pipeline) => pipeline is SoundPipeline ? StimulusMedium.Sound : StimulusMedium.Picture;

    /// <summary>Which medium a stimulus is.</summary>
    public static StimulusMedium MediumOf(string mediaType) => mediaType.StartsWith("audio/", StringComparison.Ordinal) ? StimulusMedium.Sound : StimulusMedium.Picture;
}
