using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Models;
using PerceptionStudy.Server.Stimuli;

namespace PerceptionStudy.Server.Campaigns;

/// <summary>What a campaign shall make: every picture or sound of the natural set at every stage with every seed.</summary>
public sealed record CampaignPlan
{
    /// <summary>Presets of the synthesis, with what they are.</summary>
    public static readonly IReadOnlyDictionary<string, string> Presets = new Dictionary<string, string>
    {
        ["feather2023"] = "Feather et al. 2023: 24,000 steps as published",
        ["fast"] = "Fast: for a first look",
    };

    /// <summary>What comes first where several campaigns wait, with its name.</summary>
    public static readonly IReadOnlyDictionary<int, string> Priorities = new Dictionary<int, string> { [1] = "before the others", [0] = "usual", [-1] = "when nothing else waits" };

    /// <summary>How the stimuli of a null distribution are varied, with what that is; the first of those of a medium is usual.</summary>
    public static readonly IReadOnlyDictionary<string, string> Augmentations = new Dictionary<string, string>
    {
        ["random-resized-crop"] = "cropped at random, as in training (as published)",
        ["random-shift"] = "each at random places in time, as in training",
        ["none"] = "each once, as it is",
    };

    /// <summary>The keys of <see cref="Augmentations"/> that a medium can be varied by, the usual one first.</summary>
    public static IReadOnlyList<string> AugmentationsOf(StimulusMedium medium) => [medium == StimulusMedium.Sound ? "random-shift" : "random-resized-crop", "none"];

    public required string Name { get; init; }
    public required Guid NaturalSetId { get; init; }

    /// <summary>Set of the null distributions; null for the natural set itself.</summary>
    public Guid? PoolSetId { get; init; }

    public required Guid[] StageIds { get; init; }
    public string Preset { get; init; } = "feather2023";

    /// <summary>Gradient evaluations; null for the preset's own number.</summary>
    public int? Steps { get; init; }

    /// <summary>Seed of the initial noise of the first metamer of each stimulus and stage.</summary>
    public int Seed { get; init; }

    /// <summary>Metamers of each stimulus at each stage, 1 to 100; their seeds follow on <see cref="Seed"/>.</summary>
    public int Seeds { get; init; } = 1;

    /// <summary>Whether two are made and measured first, and the others wait until somebody has seen what they would take.</summary>
    public bool Pilot { get; init; }

    /// <summary>Syntheses of a higher priority begin first: a key of <see cref="Priorities"/>.</summary>
    public int Priority { get; init; }

    /// <summary>Whether only workers with a graphics card take its syntheses.</summary>
    public bool NeedsGpu { get; init; }

    /// <summary>Pairs of each null distribution; stimuli taken once may have fewer.</summary>
    public int NullPairs { get; init; } = 1_000_000;

    /// <summary>How the stimuli of the null distributions are varied; null for what is usual with their medium.</summary>
    public string? NullAugmentation { get; init; }

    /// <summary>Level (RMS), above 0 and below 1, that every metamer of a sound is brought to before it is judged; null leaves each its own.</summary>
    public double? Rms { get; init; }

    /// <summary>Naturals to use; null for all of the set.</summary>
    public Guid[]? NaturalIds { get; init; }

    /// <summary>One sentence for each reason why it cannot start; none if it can.</summary>
    internal async Task<List<string>> ProblemsAsync(StudyDb db, CancellationToken cancel)
    {
        var problems = new List<string>();
        var name = Name.Trim();
        if (name.Length is 0 or > 80) problems.Add("Please give the campaign a name of at most 80 characters.");
        else if (await db.Campaigns.AnyAsync(c => c.Name == name, cancel) || await db.StimulusSets.AnyAsync(s => s.Name == SetNameOf(name), cancel))
            problems.Add($"Another campaign is called “{name}”: please choose another name.");
        if (!Presets.ContainsKey(Preset)) problems.Add($"There is no preset {Preset}: take {string.Join(" or ", Presets.Keys)}.");
        if (Seeds is < 1 or > 100) problems.Add("The number of seeds must be between 1 and 100.");
        if (!Priorities.ContainsKey(Priority)) problems.Add($"There is no priority {Priority}: take {string.Join(", ", Priorities.Keys)}.");
        if (Steps is < 1 or > 1_000_000) problems.Add("The number of steps must be between 1 and 1,000,000.");
        if (NullPairs is < 1 or > 1_000_000) problems.Add("The number of null pairs must be between 1 and 1,000,000.");
        var medium = await MediumAsync(db, cancel);
        if (NullAugmentation is { } augmentation && !AugmentationsOf(medium).Contains(augmentation))
            problems.Add($"{(medium == StimulusMedium.Sound ? "Sounds" : "Pictures")} cannot be varied by {augmentation}: take {string.Join(" or ", AugmentationsOf(medium))}.");
        if (Rms is not (null or (> 0 and < 1))) problems.Add("The level (RMS) must be above 0 and below 1, for example 0.1.");
        if (Rms is not null && medium == StimulusMedium.Picture) problems.Add("A level (RMS) is for sounds: leave it out.");
        if (!await db.Stimuli.AnyAsync(s => s.SetId == NaturalSetId, cancel)) problems.Add($"The natural set has no {medium.Many()}: upload some first.");
        var pool = PoolSetId ?? NaturalSetId;
        if (await db.StimulusSets.AnyAsync(s => s.Id == pool && s.Medium != medium, cancel)) problems.Add($"The natural set holds {medium.Many()}, the pool of random pairs does not: choose another pool.");
        if (await db.Stimuli.CountAsync(s => s.SetId == pool, cancel) < 2) problems.Add($"A null distribution needs at least two {medium.Many()}: choose a larger pool.");

        if (StageIds.Length == 0) problems.Add("Pick at least one stage.");
        var stages = await db.Stages.Where(s => StageIds.Contains(s.Id)).ToListAsync(cancel);
        if (stages.Count < StageIds.Distinct().Count()) problems.Add("A stage that was picked does not exist (any more): reload the page and pick again.");
        foreach (var stage in stages.Where(s => !s.Differentiable)) problems.Add($"No metamer can be made at {stage.Name}: {stage.Reason}");
        var models = stages.Select(s => s.ModelId).Distinct().ToArray();
        foreach (var model in await db.Models.Where(m => models.Contains(m.Id)).ToListAsync(cancel))
        {
            if (model.FileProblem is { } missing)
                problems.Add(missing);
            else if (model.Pipeline.Medium() != medium)
                problems.Add($"{model.Name} takes {model.Pipeline.Medium().Many()}, but the natural set holds {medium.Many()}: pick stages of other models, or another set.");
            else if (model.Pipeline.Categories.Count == 0)
                problems.Add($"{model.Name} does not know the categories yet: say on its page which of its classes belong to each.");
        }
        return problems;
    }

    /// <summary>Of what the natural set is.</summary>
    internal Task<StimulusMedium> MediumAsync(StudyDb db, CancellationToken cancel) => db.StimulusSets.Where(s => s.Id == NaturalSetId).Select(s => s.Medium).FirstOrDefaultAsync(cancel);

    internal static string SetNameOf(string campaign) => campaign + ": metamers";
}
