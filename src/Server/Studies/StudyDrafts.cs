using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Studies;

/// <summary>Makes, saves and deletes drafts; what is published is the publisher's business.</summary>
public sealed class StudyDrafts(IDbContextFactory<StudyDb> databases, TimeProvider time)
{
    /// <summary>A new study with a draft by the template.</summary>
    public async Task<Study> CreateAsync(string name, Guid[] metamerSets, int mainTrials = 40, int practiceTrials = 4, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var material = await StudyMaterial.LoadAsync(db, metamerSets, [], cancel);
        var study = new Study
        {
            Id = Guid.CreateVersion7(),
            Name = name.Trim(),
            LinkKey = StudyPublisher.NewLinkKey(),
            DraftJson = "",
            CreatedAt = time.GetUtcNow(),
            Draft = StudyTemplate.Draft(material, name.Trim(), metamerSets, mainTrials, practiceTrials),
        };
        db.Studies.Add(study);
        StudyMembers.AddOwner(db, study);
        await db.SaveChangesAsync(cancel);
        return study;
    }

    /// <summary>Keeps what the editor shows. The published versions stay as they are; places and listing count at once.</summary>
    /// <param name="revision"><see cref="Study.DraftRevision"/> of what was changed; null to save over whatever is there.</param>
    /// <returns>The new revision.</returns>
    /// <exception cref="RefusedException">Somebody else has saved the draft since that revision, or has no right to.</exception>
    public async Task<int> SaveAsync(Guid studyId, string name, StudyDesign draft, int? places, bool listed, int? revision = null, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await db.DemandAsync(studyId, StudyRight.EditDesign, cancel);
        var study = await db.Studies.FirstOrDefaultAsync(s => s.Id == studyId, cancel)
            ?? throw new RefusedException("There is no such study: it may have been deleted. Go back to the list.", Refusal.Missing);
        if (revision is { } known && known != study.DraftRevision) throw await DraftConflict.OfAsync(db, studyId, cancel);
        study.Name = name.Trim();
        study.Draft = draft;
        study.Places = places;
        study.ListedOnHomePage = listed;
        study.DraftRevision++;
        await db.SaveStudyAsync(studyId, cancel);
        return study.DraftRevision;
    }

    /// <summary>Deletes a study that was never published.</summary>
    public async Task DeleteAsync(Guid studyId, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await db.DemandAsync(studyId, StudyRight.EditDesign, cancel);
        if (await db.StudyVersions.AnyAsync(v => v.StudyId == studyId, cancel))
            throw new RefusedException("A published study cannot be deleted, because its data name it: close it instead.");
        if (await db.Studies.FindAsync([studyId], cancel) is not { } study) return;
        db.Studies.Remove(study);
        await db.SaveChangesAsync(cancel);
    }
}
