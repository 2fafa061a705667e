using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Participation;

/// <summary>Designs of published versions, and of drafts that are tried, read once: they never change, and every response needs its categories.</summary>
public sealed class PublishedDesigns
{
    private readonly ConcurrentDictionary<Guid, StudyDesign> designs = new();

    public async Task<StudyDesign> OfAsync(StudyDb db, Guid versionId, CancellationToken cancel = default)
    {
        if (designs.TryGetValue(versionId, out var known)) return known;
        var version = await db.StudyVersions.IgnoreQueryFilters().AsNoTracking().FirstAsync(v => v.Id == versionId, cancel);
        return designs.GetOrAdd(versionId, version.Design);
    }
}
