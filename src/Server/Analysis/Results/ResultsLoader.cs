using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Analysis.Digests;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Analysis.Results;

/// <summary>What a results page or report shows of a study.</summary>
public sealed record LoadedResults(Study Study, ResultsSource Source, StudySummary Summary, StudyMethods? Methods, IReadOnlyList<ResultLook> Looks);

/// <summary>Loads results, and takes note of the look.</summary>
public sealed class ResultsLoader(IDbContextFactory<StudyDb> databases, DigestedStudy digested, TimeProvider time)
{
    /// <exception cref="RefusedException">There is no such study, or its results are still hidden.</exception>
    public async Task<LoadedResults> LoadAsync(Guid studyId, TrialFilter filter, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await db.DemandAsync(studyId, StudyRight.SeeResults, cancel);
        var study = await db.Studies.AsNoTracking().Include(s => s.Versions).FirstOrDefaultAsync(s => s.Id == studyId, cancel)
            ?? throw new RefusedException("There is no such study: it may have been deleted. Go back to the list.", Refusal.Missing);
        if (study.Blinded && filter.Observers == ObserverType.Human)
            throw new RefusedException("This study is blind while it is open: nobody sees its results before it is closed.", Refusal.NotAllowed);
        var source = await digested.ReadAsync(studyId, filter, cancel);
        var looks = filter.Observers == ObserverType.Human ? await ResultLooks.CountAsync(db, study, source.Participants > 0, time, cancel) : [];
        return new LoadedResults(study, source, StudySummary.Of(source, study.Name), await MethodsAsync(db, study, filter, cancel), looks);
    }

    // A draft that was only simulated has no method to report.
    private static async Task<StudyMethods?> MethodsAsync(StudyDb db, Study study, TrialFilter filter, CancellationToken cancel)
    {
        var versions = study.Versions.Where(v => filter.Version is null || v.Number == filter.Version).OrderBy(v => v.Number).ToList();
        if (versions.Count == 0) return null;
        var design = versions[^1].Design;
        var models = await db.Models.Where(m => design.RecognisingModels.Contains(m.Id)).OrderBy(m => m.Name).Select(m => new { m.Name, Sha256 = m.Sha256 == "" ? "not known" : m.Sha256 }).ToListAsync(cancel);
        return new StudyMethods(study.Name, [.. versions.Select(v => v.Number)], design.Categories, design.Medium, design.Response.ChoicesPerTrial, design.Durations.StimulusMs, design.Durations.FixationMs, design.Durations.BlankMs,
            design.Durations.MaskMs, design.MainTrials, design.CatchTrials, filter.IgnoreExclusions ? [] : [.. design.Exclusion.InWords()], [.. versions.Select(v => ($"version {v.Number}", v.DesignSha256))], [.. models.Select(m => (m.Name, m.Sha256))],
            filter == filter.Whole() ? null : filter.InWords);
    }
}
