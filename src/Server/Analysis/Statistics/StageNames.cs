namespace PerceptionStudy.Server.Analysis.Statistics;

/// <summary>Names of stages in the public tables, which may end in <c>_fake_relu</c> or <c>_fakerelu</c> (the gradient of the stage's own ReLU was replaced) or not.</summary>
internal static class StageNames
{
    private static readonly string[] Endings = ["_fake_relu", "_fakerelu"];

    /// <summary>The name without such an ending; <c>natural</c> for natural stimuli.</summary>
    public static string Plain(string stage) => IsNatural(stage) ? "natural" : Endings.Where(e => stage.EndsWith(e, StringComparison.Ordinal)).Select(e => stage[..^e.Length]).FirstOrDefault(stage);

    public static bool Same(string stage, string other) => Plain(stage) == Plain(other);

    /// <summary>Natural stimuli: <c>natural</c> here, <c>natural_image</c> and <c>natural_audio</c> in the public tables.</summary>
    public static bool IsNatural(string stage) => stage == "natural" || stage.StartsWith("natural_", StringComparison.Ordinal);
}
