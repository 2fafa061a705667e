using System.Text.Json.Serialization;

namespace PerceptionStudy.Server.Studies;

/// <summary>What is shown where a metamer is not ready in time, or none of its seeds meets the criteria.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<OnDemandFallback>))]
public enum OnDemandFallback
{
    /// <summary>The metamer of the same natural stimulus and condition that the published sets hold; the natural stimulus where there is none.</summary>
    Pregenerated,

    /// <summary>The natural stimulus; the trial is marked as swapped and enters no proportion.</summary>
    Natural,
}

/// <summary>Which metamers are made while the study runs, and how. Frozen with the design: nothing else is made for a published version.</summary>
public sealed record OnDemandSettings
{
    /// <summary>Conditions whose metamers are made on demand; the others are pregenerated. Natural cannot be among them.</summary>
    public StudyCondition[] Conditions { get; init; } = [];

    /// <summary>Synthesis schedule, <c>fast</c> or <c>feather2023</c>.</summary>
    public string Preset { get; init; } = "fast";

    /// <summary>Gradient evaluations of each synthesis; null for the preset's own number.</summary>
    public int? Steps { get; init; }

    /// <summary>Seed of the initial noise that is tried first.</summary>
    public int Seed { get; init; }

    /// <summary>How many seeds are tried, one after the other, until a metamer meets the criteria; 1 to 10.</summary>
    public int Seeds { get; init; } = 2;

    /// <summary>The stimuli whose random pairs make the null distributions of the criteria; null for the set of the natural stimuli.</summary>
    public Guid? PoolSetId { get; init; }

    /// <summary>Pairs of each null distribution.</summary>
    public int NullPairs { get; init; } = 1_000_000;

    /// <summary>How the stimuli of the null distributions are varied, as in a campaign: a key of <see cref="Campaigns.CampaignPlan.Augmentations"/>; those of sounds and of pictures differ.</summary>
    public string NullAugmentation { get; init; } = "random-resized-crop";

    /// <summary>The look-ahead window: a trial whose stimulus is ready may come forward by so many places at most, while others wait; 1 to 100.</summary>
    public int AheadTrials { get; init; } = 8;

    /// <summary>How long a browser that asks for a picture or sound is kept waiting, while none in the window is ready, before the fallback is shown; 0 to 1,800 ms.</summary>
    public int PatienceMs { get; init; } = 1000;

    /// <summary>What is shown where nothing is ready in time.</summary>
    public OnDemandFallback Fallback { get; init; }

    [JsonIgnore]
    public bool Any => Conditions.Length > 0;

    public bool Makes(StudyCondition condition) => Conditions.Contains(condition);
}
