using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Analysis;
using PerceptionStudy.Server.Analysis.Statistics;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Participation;

namespace PerceptionStudy.Server.Export;

/// <summary>Downloads for researchers who are signed in.</summary>
public static class ExportEndpoints
{
    public static void MapExport(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/admin/studies/{studyId:guid}/export").RequireAuthorization();
        group.MapGet("trials.csv", TrialsAsync);
        group.MapGet("participants.csv", ParticipantsAsync);
        group.MapGet("codebook.md", () => Results.Text(Codebook.Markdown(), "text/markdown; charset=utf-8"));
    }

    private static async Task<IResult> TrialsAsync(
        Guid studyId, IDbContextFactory<StudyDb> databases, TrialQuery query, CancellationToken cancel,
        bool synthetic = false, bool incomplete = false, int? version = null)
    {
        if (await NameOfAsync(databases, studyId, cancel) is not { } study) return Results.NotFound("There is no such study.");
        var filter = new TrialFilter(synthetic ? ObserverType.Synthetic : ObserverType.Human, version, incomplete);
        return Results.Stream(stream => TrialCsv.WriteAsync(query.ReadAsync(studyId, filter, cancel), stream, cancel), "text/csv; charset=utf-8", FileName(study, filter, "trials"));
    }

    private static async Task<IResult> ParticipantsAsync(
        Guid studyId, IDbContextFactory<StudyDb> databases, TrialQuery query, CancellationToken cancel,
        bool synthetic = false, bool incomplete = false, int? version = null)
    {
        if (await NameOfAsync(databases, studyId, cancel) is not { } study) return Results.NotFound("There is no such study.");
        var filter = new TrialFilter(synthetic ? ObserverType.Synthetic : ObserverType.Human, version, incomplete);
        var curve = await RecognitionCurve.OfAsync(query.ReadAsync(studyId, filter, cancel), cancel);
        return Results.Stream(stream => StageAccuracyTable.WriteAsync(curve.StageAccuracies(study), stream, cancel), "text/csv; charset=utf-8", FileName(study, filter, "participants"));
    }

    private static async Task<string?> NameOfAsync(IDbContextFactory<StudyDb> databases, Guid studyId, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.Studies.Where(s => s.Id == studyId).Select(s => s.Name).FirstOrDefaultAsync(cancel);
    }

    /// <summary>Letters, digits and hyphens, so that the name is good on every system.</summary>
    private static string FileName(string study, TrialFilter filter, string what)
    {
        var plain = string.Concat(study.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')).Trim('-');
        plain = plain.Length > 0 ? plain[..Math.Min(plain.Length, 60)] : "study";
        return $"{plain}{(filter.Version is null ? "" : $"-v{filter.Version}")}{(filter.Observers == ObserverType.Synthetic ? "-synthetic" : "")}-{what}.csv";
    }
}
