using PerceptionStudy.Server.Stimuli;

namespace PerceptionStudy.Server.Analysis;

/// <summary>The sense that stimuli are for, in the words of the public tables of Feather et al. 2023.</summary>
public static class Modality
{
    private const string Vision = "vision", Audio = "audio";

    public static string Of(StimulusMedium medium) => medium == StimulusMedium.Sound ? Audio : Vision;

    /// <summary>Null if it is no such word.</summary>
    public static StimulusMedium? Parse(string? word) => word switch
    {
        Vision => StimulusMedium.Picture,
        Audio => StimulusMedium.Sound,
        _ => null,
    };
}
