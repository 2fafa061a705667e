using System.Reflection;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Campaigns;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Models;
using PerceptionStudy.Server.Stimuli;

namespace PerceptionStudy.Server.Studies;

/// <summary>
/// What a publication freezes, in one document: the design, the hash of every stimulus and model, the seed, the program, the analysis plan and the
/// exclusion rules. Its SHA-256 is the study's name on every installation. It names no people and no places.
/// </summary>
public sealed record StudyFreeze
{
    public const int CurrentFormat = 1;

    /// <summary>Of this document.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>Name and version of the program, with the commit that it was built from.</summary>
    public required string Program { get; init; }

    /// <summary>Decides, with a session's number, everything that chance decides in it.</summary>
    public required int Seed { get; init; }

    /// <summary>The design, with the metamers that may be shown.</summary>
    public required StudyDesign Design { get; init; }

    /// <summary>The exclusion rules in words, as a methods section has them; empty without rules.</summary>
    public required string[] ExclusionRules { get; init; }

    /// <summary>Every stimulus that can be shown: natural ones, those of practice and catch trials, and metamers; by id.</summary>
    public required FrozenStimulus[] Stimuli { get; init; }

    /// <summary>Generating and recognising models, by id.</summary>
    public required FrozenModel[] Models { get; init; }

    /// <summary>
    /// The pictures by whose null distributions metamers on demand are judged: SHA-256 over their sorted hashes, as with every null distribution; null where nothing is
    /// made on demand.
    /// </summary>
    public string? OnDemandPoolSha256 { get; init; }

    /// <summary>Name and version of the running program.</summary>
    public static string ThisProgram { get; } =
        $"PerceptionStudy {typeof(StudyFreeze).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion}";

    /// <param name="design">A frozen design.</param>
    /// <param name="seed">The version's seed.</param>
    /// <param name="stimuli">All that the design names, metamers with their provenance.</param>
    /// <param name="models">All that the design or a metamer names, with their stages.</param>
    public static StudyFreeze Of(StudyDesign design, int seed, IEnumerable<Stimulus> stimuli, IEnumerable<RegisteredModel> models) => new()
    {
        Program = ThisProgram,
        Seed = seed,
        Design = design,
        ExclusionRules = [.. design.Exclusion.InWords()],
        Stimuli = [.. stimuli.OrderBy(s => s.Id).Select(s => new FrozenStimulus(s.Id, s.Sha256, s.Name, s.Category, s.Metamer?.NaturalStimulusId, s.Metamer?.ModelId, s.Metamer?.StageId, s.Metamer?.LossLevel ?? 0))],
        Models = [.. models.OrderBy(m => m.Id).Select(m => new FrozenModel(m.Id, m.Sha256, m.Name,
            [.. m.Stages.OrderBy(s => s.Position).Select(s => new FrozenStage(s.Id, s.Name, s.Tensor))]))],
    };

    internal static async Task<StudyFreeze> LoadAsync(StudyDb db, StudyDesign design, int seed, CancellationToken cancel)
    {
        var shown = StimuliOf(design);
        var stimuli = await db.Stimuli.AsNoTracking().Include(s => s.Metamer).Where(s => shown.Contains(s.Id)).ToListAsync(cancel);
        var named = ModelsOf(design);
        var models = await db.Models.AsNoTracking().Include(m => m.Stages).AsSplitQuery().Where(m => named.Contains(m.Id)).ToListAsync(cancel);
        return Of(design, seed, stimuli, models) with { OnDemandPoolSha256 = design.OnDemand.Any ? await PoolSha256Async(db, design, cancel) : null };
    }

    /// <summary>The pool as it is now.</summary>
    internal static async Task<string> PoolSha256Async(StudyDb db, StudyDesign design, CancellationToken cancel)
    {
        var first = design.NaturalStimuli.FirstOrDefault();
        var set = design.OnDemand.PoolSetId ?? await db.Stimuli.Where(s => s.Id == first).Select(s => s.SetId).FirstOrDefaultAsync(cancel);
        return StageNulls.PoolSha256(await db.Stimuli.Where(s => s.SetId == set).Select(s => s.Sha256).Distinct().ToListAsync(cancel));
    }

    /// <summary>Natural stimuli, those of practice and catch trials, and metamers of a frozen design.</summary>
    internal static Guid[] StimuliOf(StudyDesign design) => [.. design.NaturalStimuli.Concat(design.PracticeStimuli).Concat(design.CatchStimuli).Concat(design.Metamers).Distinct()];

    /// <summary>Generating and recognising models of a design.</summary>
    internal static Guid[] ModelsOf(StudyDesign design) => [.. design.Conditions.Select(c => c.ModelId).OfType<Guid>().Union(design.RecognisingModels)];
}

/// <summary>A stimulus by its hash. A metamer names the natural stimulus behind it, its generating model, the stage that it matches and the loss level at which it was cut off, if it was.</summary>
public sealed record FrozenStimulus(Guid Id, string Sha256, string Name, string Category, Guid? NaturalId, Guid? ModelId, Guid? StageId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)] double LossLevel = 0);

/// <summary>A model by its hash; stages from input to output.</summary>
public sealed record FrozenModel(Guid Id, string Sha256, string Name, FrozenStage[] Stages);

/// <summary>A stage by its name and tensor.</summary>
public sealed record FrozenStage(Guid Id, string Name, string Tensor);
