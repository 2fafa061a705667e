namespace PerceptionStudy.Server.Stimuli;

/// <summary>A stage as people read it.</summary>
public sealed record StageName(string Model, string Stage)
{
    public override string ToString() => $"{Model}, {Stage}";
}
