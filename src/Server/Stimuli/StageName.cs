using System.Globalization;

namespace PerceptionStudy.Server.Stimuli;

/// <summary>A stage as people read it.</summary>
public sealed record StageName(string Model, string Stage)
{
    public override string ToString() => $"{Model}, {Stage}";

    /// <summary>What a stage is called where metamers may be cut off at a loss level: its name, and the level where there is one.</summary>
    public static string Label(string stage, double lossLevel) => lossLevel == 0 ? stage : string.Create(CultureInfo.InvariantCulture, $"{stage} at loss {lossLevel}");
}
