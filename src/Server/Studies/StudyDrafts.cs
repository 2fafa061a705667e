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
        await db.SaveChangesAsync(cancel);
        return study;
    }

    /// <summary>Keeps what the editor shows. The published versions stay as they are; places and listing count at once.</summary>
    public async Task SaveAsync(Guid studyId, string name, StudyDesign draft, int? places, bool listed, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var study = await db.Studies.FirstOrDefaultAsync(s => s.Id == studyId, cancel)
            ?? throw new InvalidOperationException("There is no such study: it may have been deleted. Go back to the list.");
        study.Name = name.Trim();
        study.Draft = draft;
        study.Places = places;
        study.ListedOnHomePage = listed;
        await db.SaveChangesAsync(cancel);
    }

    /// <summary>Deletes a study that was never published.</summary>
    public async Task DeleteAsync(Guid studyId, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (await db.StudyVersions.AnyAsync(v => v.StudyId == studyId, cancel))
            throw new InvalidOperationException("A published study cannot be deleted, because its data name it: close it instead.");
        await db.Studies.Where(s => s.Id == studyId).ExecuteDeleteAsync(cancel);
    }
}
