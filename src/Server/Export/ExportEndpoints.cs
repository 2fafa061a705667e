using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Analysis;
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
        group.MapGet("codebook.md", () => Results.Text(Codebook.Markdown(), "text/markdown; charset=utf-8"));
    }

    private static async Task<IResult> TrialsAsync(
        Guid studyId, IDbContextFactory<StudyDb> databases, TrialQuery query, CancellationToken cancel,
        bool synthetic = false, bool incomplete = false, int? version = null)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var study = await db.Studies.Where(s => s.Id == studyId).Select(s => s.Name).FirstOrDefaultAsync(cancel);
        if (study is null) return Results.NotFound("There is no such study.");
        var filter = new TrialFilter(synthetic ? ObserverType.Synthetic : ObserverType.Human, version, incomplete);
        var name = $"{FileName(study)}{(version is null ? "" : $"-v{version}")}{(synthetic ? "-synthetic" : "")}-trials.csv";
        return Results.Stream(stream => TrialCsv.WriteAsync(query.ReadAsync(studyId, filter, CancellationToken.None), stream, CancellationToken.None), "text/csv; charset=utf-8", name);
    }

    /// <summary>Letters, digits and hyphens, so that the name is good on every system.</summary>
    private static string FileName(string study)
    {
        var plain = string.Concat(study.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')).Trim('-');
        return plain.Length > 0 ? plain[..Math.Min(plain.Length, 60)] : "study";
    }
}
