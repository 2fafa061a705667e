using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Stimuli;

namespace PerceptionStudy.Server.Studies;

/// <summary>Makes, saves and deletes drafts; what is published is the publisher's business.</summary>
public sealed class StudyDrafts(IDbContextFactory<StudyDb> databases, TimeProvider time)
{
    /// <summary>A new study with a draft by a protocol; that of Feather et al. 2023 by default.</summary>
    /// <param name="sets">Metamer sets; or natural sets, whose metamers will be made while the study runs.</param>
    public async Task<Study> CreateAsync(string name, Guid[] sets, int mainTrials = 40, int practiceTrials = 4, Protocol? protocol = null, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var naturalSets = await db.StimulusSets.Where(s => sets.Contains(s.Id) && s.Kind == StimulusKind.Natural).Select(s => s.Id).ToArrayAsync(cancel);
        Guid[] metamerSets = [.. sets.Except(naturalSets)];
        var material = await StudyMaterial.LoadAsync(db, metamerSets, await db.Stimuli.Where(s => naturalSets.Contains(s.SetId)).Select(s => s.Id).ToArrayAsync(cancel), cancel);
        var draft = StudyTemplate.Draft(material, name.Trim(), metamerSets, mainTrials, practiceTrials);
        return await AddAsync(db, name, protocol is null ? draft : protocol.Apply(draft), cancel);
    }

    /// <summary>A new study whose draft is that of another one; places, links and data are not copied.</summary>
    /// <exception cref="RefusedException">There is no such study.</exception>
    public async Task<Study> CopyAsync(Guid studyId, string name, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await db.DemandAsync(studyId, StudyRight.See, cancel);
        return await AddAsync(db, name, (await FindAsync(db, studyId, cancel)).Draft with { Title = name.Trim() }, cancel);
    }

    /// <summary>Keeps what the editor shows. The published versions stay as they are; places and listing count at once.</summary>
    /// <param name="revision"><see cref="Study.DraftRevision"/> of what was changed; null to save over whatever is there.</param>
    /// <returns>The new revision.</returns>
    /// <exception cref="RefusedException">Somebody else has saved the draft since that revision, or has no right to.</exception>
    public async Task<int> SaveAsync(Guid studyId, string name, StudyDesign draft, int? places, bool listed, int? revision = null, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await db.DemandAsync(studyId, StudyRight.EditDesign, cancel);
        var study = await FindAsync(db, studyId, cancel);
        if (revision is { } known && known != study.DraftRevision) throw await DraftConflict.OfAsync(db, studyId, cancel);
        study.Name = name.Trim();
        study.Draft = draft;
        study.Places = places;
        study.ListedOnHomePage = listed;
        study.DraftRevision++;
        await db.SaveStudyAsync(studyId, cancel);
        return study.DraftRevision;
    }

    /// <summary>Puts exclusion rules into the draft; the rest of it, and what is published, stay as they are.</summary>
    /// <exception cref="RefusedException">There is no such study, or no right to change it.</exception>
    public async Task SaveExclusionAsync(Guid studyId, ExclusionRules rules, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await db.DemandAsync(studyId, StudyRight.EditDesign, cancel);
        var study = await FindAsync(db, studyId, cancel);
        study.Draft = study.Draft with { Exclusion = rules };
        study.DraftRevision++;
        await db.SaveStudyAsync(studyId, cancel);
    }

    /// <summary>Deletes a study that was never published.</summary>
    public async Task DeleteAsync(Guid studyId, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await db.DemandAsync(studyId, StudyRight.EditDesign, cancel);
        if (await db.StudyVersions.AnyAsync(v => v.StudyId == studyId, cancel))
            throw new RefusedException("A published study cannot be deleted, because its data name it: close it instead.");
        // Who tried the draft left sessions, which belong to a later step of a study's life: they go first.
        await db.Database.ExecuteSqlAsync($"""DELETE FROM "Sessions" WHERE "StudyVersionId" IN (SELECT "Id" FROM "StudyVersions" WHERE "StudyId" = {studyId} AND "Number" < 0)""", cancel);
        if (await db.Studies.FindAsync([studyId], cancel) is not { } study) return;
        db.Studies.Remove(study);
        await db.SaveChangesAsync(cancel);
    }

    private async Task<Study> AddAsync(StudyDb db, string name, StudyDesign draft, CancellationToken cancel)
    {
        var study = new Study
        {
            Id = Guid.CreateVersion7(), Name = name.Trim(), LinkKey = StudyPublisher.NewLinkKey(), DraftJson = "", CreatedAt = time.GetUtcNow(), Draft = draft,
        };
        db.Studies.Add(study);
        StudyMembers.AddOwner(db, study);
        await db.SaveChangesAsync(cancel);
        return study;
    }

    private static async Task<Study> FindAsync(StudyDb db, Guid studyId, CancellationToken cancel) =>
        await db.Studies.FirstOrDefaultAsync(s => s.Id == studyId, cancel)
        ?? throw new RefusedException("There is no such study: it may have been deleted. Go back to the list.", Refusal.Missing);
}
