using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Stimuli;

namespace PerceptionStudy.Server.Campaigns;

/// <summary>What came of putting metamers into a set.</summary>
public sealed record MetamersCollected(StimulusSet Set, int Added, int AlreadyThere);

/// <summary>People's decisions about metamers: leave one out, take it in again, put accepted ones together in a set.</summary>
public sealed class MetamerReview(IDbContextFactory<StudyDb> databases, StimulusSets sets, TimeProvider clock)
{
    /// <summary>Leaves a metamer out of coming studies, with a reason; null takes it in again. The decision is added to its record.</summary>
    /// <exception cref="RefusedException">The metamer is gone, or the reason is longer than 300 characters.</exception>
    public async Task JudgeAsync(Guid metamerStimulusId, string? rejectedBecause, string decidedBy, CancellationToken cancel = default)
    {
        if (rejectedBecause is { Length: > 300 } || rejectedBecause?.Trim() is { Length: 0 }) throw new RefusedException("Please give a reason of at most 300 characters.");
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (await db.Metamers.FirstOrDefaultAsync(m => m.StimulusId == metamerStimulusId, cancel) is not { } metamer) throw new RefusedException("This metamer is gone: load the page again.");
        metamer.RejectedBecause = rejectedBecause?.Trim();
        db.MetamerVerdicts.Add(new MetamerVerdict
        {
            Id = Guid.CreateVersion7(), StimulusId = metamerStimulusId, DecidedAt = clock.GetUtcNow(), DecidedBy = decidedBy, RejectedBecause = metamer.RejectedBecause,
        });
        await db.SaveChangesAsync(cancel);
    }

    /// <summary>Copies the accepted among these metamers into a set of metamers, each with its whole record; files are shared. A file that is there already stays as it is.</summary>
    /// <param name="metamers">Stimulus ids.</param>
    /// <param name="setId">The set, or null for a new one.</param>
    /// <param name="newName">Name of the new set.</param>
    /// <param name="cancel">Cancels.</param>
    /// <exception cref="RefusedException">The name is taken, the set is no set of metamers, or none of them is accepted.</exception>
    public async Task<MetamersCollected> CollectAsync(IReadOnlyCollection<Guid> metamers, Guid? setId, string? newName, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var chosen = new List<Stimulus>();
        foreach (var part in metamers.Chunk(500))
        {
            chosen.AddRange(await db.Stimuli.AsNoTracking().Include(s => s.Metamer)
                .Where(s => part.Contains(s.Id) && s.Metamer!.MeetsCriteria && s.Metamer.RejectedBecause == null).ToListAsync(cancel));
        }
        if (chosen.Count == 0) throw new RefusedException("None of these metamers is accepted, so there is nothing to put into a set.");
        var set = setId is null
            ? await sets.CreateAsync(newName ?? "", StimulusKind.Metamer, source: "Chosen from campaigns", medium: MediumWords.MediumOf(chosen[0].MediaType), cancel: cancel)
            : await db.StimulusSets.AsNoTracking().FirstOrDefaultAsync(s => s.Id == setId && s.Kind == StimulusKind.Metamer, cancel) ?? throw new RefusedException("Choose a set of metamers.");
        if (chosen.Exists(s => MediumWords.MediumOf(s.MediaType) != set.Medium)) throw new RefusedException($"The set “{set.Name}” holds {set.Medium.Many()}: choose another.");
        var there = (await db.Stimuli.Where(s => s.SetId == set.Id).Select(s => s.Sha256).ToListAsync(cancel)).ToHashSet();
        var now = clock.GetUtcNow();
        var copies = chosen.OrderBy(s => s.Id).Where(s => there.Add(s.Sha256)).Select(s => (From: s.Id, Copy: CopyOf(s, set.Id, now))).ToList();
        db.Stimuli.AddRange(copies.Select(c => c.Copy));
        await CopyAnswersAsync(db, copies.ToDictionary(c => c.From, c => c.Copy.Id), cancel);
        await db.SaveChangesAsync(cancel);
        return new MetamersCollected(set, copies.Count, chosen.Count - copies.Count);
    }

    private static Stimulus CopyOf(Stimulus from, Guid setId, DateTimeOffset now)
    {
        var (id, m) = (Guid.CreateVersion7(), from.Metamer!);
        return new Stimulus
        {
            Id = id, SetId = setId, Name = from.Name, Category = from.Category, Sha256 = from.Sha256, MediaType = from.MediaType, Width = from.Width, Height = from.Height,
            Sound = from.Sound is { } sound ? sound with { } : null, Licence = from.Licence, Source = from.Source, CreatedAt = now,
            Metamer = new Metamer
            {
                StimulusId = id, NaturalStimulusId = m.NaturalStimulusId, ModelId = m.ModelId, StageId = m.StageId, Preset = m.Preset, Seed = m.Seed,
                GradientEvaluations = m.GradientEvaluations, Loss = m.Loss, LossOfSavedFile = m.LossOfSavedFile, Spearman = m.Spearman, Pearson = m.Pearson, SnrDb = m.SnrDb,
                PaperSnrDb = m.PaperSnrDb, NaturalClass = m.NaturalClass, MetamerClass = m.MetamerClass, MeetsCriteria = m.MeetsCriteria, Reasons = m.Reasons, ManifestJson = m.ManifestJson,
            },
        };
    }

    // The same file gets the same answer: nobody has to be asked again.
    private static async Task CopyAnswersAsync(StudyDb db, Dictionary<Guid, Guid> copies, CancellationToken cancel)
    {
        foreach (var part in copies.Keys.Chunk(500))
        {
            foreach (var answer in await db.ModelAnswers.AsNoTracking().Where(a => part.Contains(a.StimulusId)).ToListAsync(cancel))
                db.ModelAnswers.Add(new ModelAnswer { ModelId = answer.ModelId, StimulusId = copies[answer.StimulusId], Category = answer.Category, ClassIndex = answer.ClassIndex, ScoresJson = answer.ScoresJson });
        }
    }
}
