using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Analysis.Digests;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Analysis.Results;

/// <summary>What a results page or report shows of a study.</summary>
public sealed record LoadedResults(Study Study, ResultsSource Source, StudySummary Summary, StudyMethods? Methods, IReadOnlyList<ResultLook> Looks);

/// <summary>Which results, as the page's address says.</summary>
/// <param name="ExactOnly">Only trials whose timing verdict is exact.</param>
public sealed record ResultsFilter(ObserverType Observers, int? Version, bool Incomplete, bool ExactOnly)
{
    public TrialFilter Trials => new(Observers, Version, Incomplete);
}

/// <summary>Loads results, and takes note of the look.</summary>
public sealed class ResultsLoader(IDbContextFactory<StudyDb> databases, DigestedStudy digested, TimeProvider time)
{
    /// <exception cref="RefusedException">There is no such study, or its results are still hidden.</exception>
    public async Task<LoadedResults> LoadAsync(Guid studyId, ResultsFilter filter, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var study = await db.Studies.AsNoTracking().Include(s => s.Versions).FirstOrDefaultAsync(s => s.Id == studyId, cancel)
            ?? throw new RefusedException("There is no such study: it may have been deleted. Go back to the list.");
        if (study.Blinded && filter.Observers == ObserverType.Human)
            throw new RefusedException("This study is blind while it is open: nobody sees its results before it is closed.");
        var source = await digested.ReadAsync(studyId, filter.Trials, filter.ExactOnly, cancel);
        var looks = filter.Observers == ObserverType.Human ? await ResultLooks.CountAsync(db, study, source.Participants, time, cancel) : [];
        return new LoadedResults(study, source, StudySummary.Of(source, study.Name), await MethodsAsync(db, study, filter, cancel), looks);
    }

    private static async Task<StudyMethods?> MethodsAsync(StudyDb db, Study study, ResultsFilter filter, CancellationToken cancel)
    {
        var versions = study.Versions.Where(v => filter.Version is null || v.Number == filter.Version).OrderBy(v => v.Number).ToList();
        if (versions.Count == 0) return null;
        var design = versions[^1].Design;
        var models = await db.Models.Where(m => design.RecognisingModels.Contains(m.Id)).OrderBy(m => m.Name).Select(m => new { m.Name, m.Sha256 }).ToListAsync(cancel);
        return new StudyMethods(study.Name, [.. versions.Select(v => v.Number)], design.Categories, design.Durations.StimulusMs, design.Durations.FixationMs, design.Durations.BlankMs,
            design.Durations.MaskMs, design.MainTrials, design.CatchTrials, [.. versions.Select(v => ($"version {v.Number}", v.DesignSha256))], [.. models.Select(m => (m.Name, m.Sha256))]);
    }
}
