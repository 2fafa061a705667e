using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Studies.OnDemand;

namespace PerceptionStudy.Server.Studies;

/// <summary>A study that cannot be published as it is; the message says why in sentences.</summary>
public sealed class DesignRefusedException(IReadOnlyList<DesignProblem> problems)
    : RefusedException(string.Join(" ", problems.Select(p => p.Sentence)))
{
    public override IReadOnlyList<string> Sentences => [.. Problems.Select(p => p.Sentence)];

    public IReadOnlyList<DesignProblem> Problems { get; } = problems;
}

/// <summary>Freezes designs into versions and opens or closes studies.</summary>
public sealed class StudyPublisher(IDbContextFactory<StudyDb> databases, StudyAnswers answers, OnDemandOrders orders, TimeProvider time)
{
    /// <summary>
    /// Validates the draft, freezes it with the metamers accepted at this moment, and opens the study. A draft that would freeze to what is
    /// published already makes no new version. Sessions under way keep their version; new ones get the latest. The models begin to answer.
    /// </summary>
    /// <param name="studyId">The study.</param>
    /// <param name="revision"><see cref="Study.DraftRevision"/> that was looked at; null to publish whatever is there.</param>
    /// <exception cref="DesignRefusedException">The design cannot be published as it is.</exception>
    /// <exception cref="RefusedException">Somebody else has saved the draft since that revision, or has no right to publish.</exception>
    public async Task<StudyVersion> PublishAsync(Guid studyId, int? revision = null, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await db.DemandAsync(studyId, StudyRight.Publish, cancel);
        var study = await FindAsync(db, studyId, cancel);
        if (revision is { } known && known != study.DraftRevision) throw await DraftConflict.OfAsync(db, studyId, cancel);
        var design = await FreezeDraftAsync(db, study, cancel);
        var latest = await db.StudyVersions.Where(v => v.StudyId == studyId).OrderByDescending(v => v.Number).FirstOrDefaultAsync(cancel);
        if (latest is null || latest.DesignSha256 != CanonicalJson.Sha256(CanonicalJson.Of(design)))
        {
            var seed = RandomNumberGenerator.GetInt32(int.MaxValue);
            latest = NewVersion(studyId, (latest?.Number ?? 0) + 1, await StudyFreeze.LoadAsync(db, design, seed, cancel), time.GetUtcNow());
            db.StudyVersions.Add(latest);
        }
        study.State = StudyState.Open;
        await db.SaveStudyAsync(studyId, cancel);
        await answers.RequestAsync(latest.Design, cancel);
        await orders.PrepareAsync(latest.Id, latest.Design, cancel);
        return latest;
    }

    /// <summary>
    /// Freezes the draft as it is saved, so that researchers can go through it as a participant. Nothing is published, and what they answer is
    /// counted nowhere. The same draft gives the same version again.
    /// </summary>
    /// <exception cref="DesignRefusedException">The draft could not be published either.</exception>
    public async Task<StudyVersion> FreezePreviewAsync(Guid studyId, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await db.DemandAsync(studyId, StudyRight.See, cancel);
        var design = await FreezeDraftAsync(db, await FindAsync(db, studyId, cancel), cancel);
        var latest = await db.StudyVersions.IgnoreQueryFilters().Where(v => v.StudyId == studyId && v.Number < 0).OrderBy(v => v.Number).FirstOrDefaultAsync(cancel);
        if (latest is not null && latest.DesignSha256 == CanonicalJson.Sha256(CanonicalJson.Of(design))) return latest;
        var version = NewVersion(studyId, (latest?.Number ?? 0) - 1, await StudyFreeze.LoadAsync(db, design, seed: 0, cancel), time.GetUtcNow());
        db.StudyVersions.Add(version);
        await db.SaveChangesAsync(cancel);
        return version;
    }

    /// <summary>A version that holds a freeze.</summary>
    public static StudyVersion NewVersion(Guid studyId, int number, StudyFreeze freeze, DateTimeOffset now)
    {
        var (design, whole) = (CanonicalJson.Of(freeze.Design), CanonicalJson.Of(freeze));
        return new StudyVersion
        {
            Id = Guid.CreateVersion7(), StudyId = studyId, Number = number, Seed = freeze.Seed, PublishedAt = now,
            DesignJson = design, DesignSha256 = CanonicalJson.Sha256(design), FreezeJson = whole, FreezeSha256 = CanonicalJson.Sha256(whole),
        };
    }

    /// <summary>The design as it is published: metamers listed, at most one for each natural stimulus and condition, generating models among the recognising ones.</summary>
    public static StudyDesign Freeze(StudyDesign draft, StudyMaterial material)
    {
        var conditions = draft.Conditions.ToHashSet();
        var naturals = draft.NaturalStimuli.ToHashSet();
        var metamers = material.Metamers
            .Where(m => m.Accepted && naturals.Contains(m.NaturalId) && conditions.Contains(m.Condition))
            .DistinctBy(m => (m.NaturalId, m.Condition))
            .Select(m => m.Id);
        var generating = draft.Conditions.Where(c => !c.IsNatural).Select(c => c.ModelId!.Value);
        return draft with
        {
            Metamers = [.. metamers.OrderBy(id => id.ToString(), StringComparer.Ordinal)],
            RecognisingModels = [.. generating.Union(draft.RecognisingModels)],
        };
    }

    /// <summary>Lets nobody begin for a while; sessions under way go on.</summary>
    public Task PauseAsync(Guid studyId, CancellationToken cancel = default) =>
        MoveAsync(studyId, StudyState.Paused, "Only an open study can be paused.", cancel, StudyState.Open);

    /// <summary>Lets nobody start any more; sessions under way may end.</summary>
    public Task CloseAsync(Guid studyId, CancellationToken cancel = default) =>
        MoveAsync(studyId, StudyState.Closed, "Only an open or paused study can be closed.", cancel, StudyState.Open, StudyState.Paused, StudyState.Archived);

    /// <summary>Takes a closed study out of the list; its data stay.</summary>
    public Task ArchiveAsync(Guid studyId, CancellationToken cancel = default) =>
        MoveAsync(studyId, StudyState.Archived, "Only a closed study can be archived: close it first.", cancel, StudyState.Closed);

    /// <summary>Opens a paused or closed study again with its latest version.</summary>
    public async Task ReopenAsync(Guid studyId, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await db.DemandAsync(studyId, StudyRight.Publish, cancel);
        var latest = await db.StudyVersions.AsNoTracking().Where(v => v.StudyId == studyId).OrderByDescending(v => v.Number).FirstOrDefaultAsync(cancel)
            ?? throw new RefusedException("This study was never published: publish it first.");
        await MoveAsync(studyId, StudyState.Open, "This study is open already.", cancel, StudyState.Paused, StudyState.Closed);
        await answers.RequestAsync(latest.Design, cancel);
    }

    /// <summary>A key for the participants' link that nobody can guess: 60 random bits in letters that are not mistaken for each other.</summary>
    public static string NewLinkKey() => RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyz23456789x", 12);

    /// <exception cref="DesignRefusedException">Something forbids publication.</exception>
    private static async Task<StudyDesign> FreezeDraftAsync(StudyDb db, Study study, CancellationToken cancel)
    {
        var draft = study.Draft;
        var material = await StudyMaterial.LoadAsync(db, draft, cancel);
        var blocking = DesignValidator.Validate(draft, study.Places, material).Where(p => p.Blocking).ToList();
        return blocking.Count > 0 ? throw new DesignRefusedException(blocking) : Freeze(draft, material);
    }

    private async Task MoveAsync(Guid studyId, StudyState to, string refusal, CancellationToken cancel, params StudyState[] from)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await db.DemandAsync(studyId, StudyRight.Publish, cancel);
        var study = await FindAsync(db, studyId, cancel);
        if (!from.Contains(study.State)) throw new RefusedException(refusal);
        study.State = to;
        await db.SaveStudyAsync(studyId, cancel);
    }

    private static async Task<Study> FindAsync(StudyDb db, Guid studyId, CancellationToken cancel) =>
        await db.Studies.FirstOrDefaultAsync(s => s.Id == studyId, cancel)
        ?? throw new RefusedException("There is no such study: it may have been deleted. Go back to the list.", Refusal.Missing);
}
