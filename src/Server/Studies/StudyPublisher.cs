using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Studies;

/// <summary>A study that cannot be published as it is; the message says why in sentences.</summary>
public sealed class DesignRefusedException(IReadOnlyList<DesignProblem> problems)
    : RefusedException(string.Join(" ", problems.Select(p => p.Sentence)))
{
    public override IReadOnlyList<string> Sentences => [.. Problems.Select(p => p.Sentence)];

    public IReadOnlyList<DesignProblem> Problems { get; } = problems;
}

/// <summary>Freezes designs into versions and opens or closes studies.</summary>
public sealed class StudyPublisher(IDbContextFactory<StudyDb> databases, StudyAnswers answers, TimeProvider time)
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
        var draft = study.Draft;
        var material = await StudyMaterial.LoadAsync(db, draft, cancel);
        var blocking = DesignValidator.Validate(draft, study.Places, material).Where(p => p.Blocking).ToList();
        if (blocking.Count > 0) throw new DesignRefusedException(blocking);

        var json = CanonicalJson.Of(Freeze(draft, material));
        var sha256 = CanonicalJson.Sha256(json);
        var latest = await db.StudyVersions.Where(v => v.StudyId == studyId).OrderByDescending(v => v.Number).FirstOrDefaultAsync(cancel);
        if (latest is null || latest.DesignSha256 != sha256)
        {
            latest = new StudyVersion
            {
                Id = Guid.CreateVersion7(),
                StudyId = studyId,
                Number = (latest?.Number ?? 0) + 1,
                DesignJson = json,
                DesignSha256 = sha256,
                PublishedAt = time.GetUtcNow(),
            };
            db.StudyVersions.Add(latest);
        }
        study.State = StudyState.Open;
        await db.SaveStudyAsync(studyId, cancel);
        await answers.RequestAsync(latest.Design, cancel);
        return latest;
    }

    /// <summary>The design as it is published: metamers listed, at most one for each natural stimulus and condition, generating models among the recognising ones.</summary>
    public static StudyDesign Freeze(StudyDesign draft, StudyMaterial material)
    {
        var conditions = draft.Conditions.ToHashSet();
        var naturals = draft.NaturalStimuli.ToHashSet();
        var metamers = material.Metamers
            .Where(m => m.Accepted && naturals.Contains(m.NaturalId) && conditions.Contains(new StudyCondition(m.ModelId, m.StageId)))
            .DistinctBy(m => (m.NaturalId, m.ModelId, m.StageId))
            .Select(m => m.Id);
        var generating = draft.Conditions.Where(c => !c.IsNatural).Select(c => c.ModelId!.Value);
        return draft with
        {
            Metamers = [.. metamers.OrderBy(id => id.ToString(), StringComparer.Ordinal)],
            RecognisingModels = [.. generating.Union(draft.RecognisingModels)],
        };
    }

    /// <summary>Lets nobody start any more; sessions under way may end.</summary>
    public async Task CloseAsync(Guid studyId, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await db.DemandAsync(studyId, StudyRight.Publish, cancel);
        var study = await FindAsync(db, studyId, cancel);
        if (study.State != StudyState.Open) throw new RefusedException("Only an open study can be closed.");
        study.State = StudyState.Closed;
        await db.SaveStudyAsync(studyId, cancel);
    }

    /// <summary>Opens a closed study again with its latest version.</summary>
    public async Task ReopenAsync(Guid studyId, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await db.DemandAsync(studyId, StudyRight.Publish, cancel);
        var study = await FindAsync(db, studyId, cancel);
        if (!await db.StudyVersions.AnyAsync(v => v.StudyId == studyId, cancel))
            throw new RefusedException("This study was never published: publish it first.");
        study.State = StudyState.Open;
        await db.SaveStudyAsync(studyId, cancel);
    }

    /// <summary>A key for the participants' link that nobody can guess: 60 random bits in letters that are not mistaken for each other.</summary>
    public static string NewLinkKey() => RandomNumberGenerator.GetString("abcdefghjkmnpqrstuvwxyz23456789x", 12);

    private static async Task<Study> FindAsync(StudyDb db, Guid studyId, CancellationToken cancel) =>
        await db.Studies.FirstOrDefaultAsync(s => s.Id == studyId, cancel)
        ?? throw new RefusedException("There is no such study: it may have been deleted. Go back to the list.", Refusal.Missing);
}
