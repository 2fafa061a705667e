using PerceptionStudy.Server.Stimuli;

namespace PerceptionStudy.Server.Campaigns;

/// <summary>Which metamers the quality control shows, as its address says. Null lets all pass.</summary>
public sealed record QualityFilter(string? Verdict = null, Guid? Model = null, Guid? Stage = null, string? Category = null)
{
    /// <summary>The words of the address for each state.</summary>
    public static readonly IReadOnlyDictionary<string, MetamerState> Verdicts = new Dictionary<string, MetamerState>
    {
        ["accepted"] = MetamerState.Accepted, ["failed"] = MetamerState.Failed, ["left-out"] = MetamerState.LeftOut,
    };

    public bool Passes(MetamerRow metamer) => PassesVerdict(metamer) && (Model is null || metamer.ModelId == Model) && (Stage is null || metamer.StageId == Stage)
        && (Category is null || metamer.Category == Category);

    // An unknown word in an address shows all.
    private bool PassesVerdict(MetamerRow metamer) => Verdict is null || !Verdicts.TryGetValue(Verdict, out var state) || metamer.State == state;
}
