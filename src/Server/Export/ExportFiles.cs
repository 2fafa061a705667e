using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Analysis;
using PerceptionStudy.Server.Analysis.Statistics;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Export;

/// <summary>A finished export that lies in the data folder.</summary>
/// <param name="Key">Names the state of the data: the same key, the same bytes. The download's ETag.</param>
/// <param name="DownloadName">What the browser calls it.</param>
public sealed record ReadyExport(string Key, string Path, string DownloadName, ExportTrailer Trailer);

/// <summary>
/// Exports are written once to a file for each (study, format, filter, state of the data), in one snapshot and constant memory, and served from there,
/// so that a broken download goes on where it stopped even while data come in. Files are kept for an hour; when somebody has withdrawn, the
/// study's older ones go at once.
/// </summary>
public sealed class ExportFiles(IDbContextFactory<StudyDb> databases, DataFolder data, TimeProvider time)
{
    private static readonly TimeSpan Kept = TimeSpan.FromHours(1);

    /// <summary>The file, written now if the data have changed since the last time.</summary>
    /// <exception cref="RefusedException">There is no such study, no such version or recruiter, or the study is still blind.</exception>
    public async Task<ReadyExport> PrepareAsync(Guid studyId, ExportFormat format, TrialFilter filter, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var snapshot = await db.BeginSnapshotAsync(cancel);
        var source = await ExportSource.OpenAsync(db, studyId, filter, time.GetUtcNow(), cancel);
        var folder = Folder(studyId, await CountWithdrawnAsync(db, studyId, cancel));
        CleanUp(studyId, folder);

        var key = (await source.FingerprintAsync(cancel))[..32];
        if (Find(folder, format, filter, source.Study.Name, key) is { } ready) return ready;
        var temporary = data.NewTemporaryPath();
        try
        {
            var trailer = ExportTrailer.Of(source, [await WriteAsync(source, format, temporary, FileName(source.Study.Name, filter, format), cancel)]);
            await File.WriteAllTextAsync(temporary + ".trailer", trailer.ToJson(), cancel);
            var path = Path.Combine(folder, $"{key}-{format}");
            File.Move(temporary, path, overwrite: true);
            File.Move(temporary + ".trailer", path + ".trailer", overwrite: true);
            return Find(folder, format, filter, source.Study.Name, key)!;
        }
        finally
        {
            File.Delete(temporary);
            File.Delete(temporary + ".trailer");
        }
    }

    /// <summary>Writes an export straight to a file, without keeping a copy.</summary>
    /// <exception cref="RefusedException">There is no such study, no such version or recruiter, or the study is still blind.</exception>
    public async Task<ExportTrailer> WriteToAsync(Guid studyId, ExportFormat format, TrialFilter filter, string path, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var snapshot = await db.BeginSnapshotAsync(cancel);
        var source = await ExportSource.OpenAsync(db, studyId, filter, time.GetUtcNow(), cancel);
        return ExportTrailer.Of(source, [await WriteAsync(source, format, path, Path.GetFileName(path), cancel)]);
    }

    /// <summary>An export that was begun to be downloaded, if it is still kept and nobody has withdrawn since; null otherwise.</summary>
    public async Task<ReadyExport?> FindBegunAsync(Guid studyId, ExportFormat format, TrialFilter filter, string key, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await db.DemandAsync(studyId, StudyRight.Export, cancel);
        var study = await db.Studies.Where(s => s.Id == studyId).Select(s => s.Name).FirstOrDefaultAsync(cancel);
        return study is null || key.Length != 32 || !key.All(char.IsAsciiHexDigitLower) ? null : Find(Folder(studyId, await CountWithdrawnAsync(db, studyId, cancel)), format, filter, study, key);
    }

    private static ReadyExport? Find(string folder, ExportFormat format, TrialFilter filter, string study, string key)
    {
        var path = Path.Combine(folder, $"{key}-{format}");
        // The trailer is moved into place last.
        return File.Exists(path + ".trailer") ? new ReadyExport(key, path, FileName(study, filter, format), ExportTrailer.Parse(File.ReadAllText(path + ".trailer"))) : null;
    }

    private static Task<int> CountWithdrawnAsync(StudyDb db, Guid studyId, CancellationToken cancel) =>
        db.Sessions.CountAsync(s => s.State == SessionState.Withdrawn && db.StudyVersions.IgnoreQueryFilters().Any(v => v.Id == s.StudyVersionId && v.StudyId == studyId), cancel);

    private static async Task<ExportedFile> WriteAsync(ExportSource source, ExportFormat format, string path, string name, CancellationToken cancel)
    {
        await using var file = File.Create(path);
        if (format == ExportFormat.Parquet)
        {
            // Parquet wants a stream that can seek, so it is hashed afterwards.
            var rows = await TableParquet.WriteAsync(TrialColumns.Table, source.Trials(cancel), file, cancel);
            file.Position = 0;
            return new ExportedFile(name, rows, file.Length, Convert.ToHexStringLower(await System.Security.Cryptography.SHA256.HashDataAsync(file, cancel)));
        }
        await using var stream = new HashedStream(file);
        var count = format switch
        {
            ExportFormat.Csv => await TableCsv.WriteAsync(TrialColumns.Table, source.Trials(cancel), stream, cancel),
            ExportFormat.StageAccuracy => await StageAccuraciesAsync(source, stream, cancel),
            ExportFormat.Zip => await StudyArchive.WriteZipAsync(source, stream, cancel),
            _ => await StudyArchive.WritePsychDsAsync(source, stream, cancel),
        };
        return new ExportedFile(name, count, stream.Bytes, stream.Sha256);
    }

    private static async Task<long> StageAccuraciesAsync(ExportSource source, Stream stream, CancellationToken cancel)
    {
        var rows = (await RecognitionCurve.OfAsync(source.Trials(cancel), cancel)).StageAccuracies(source.Title, source.Medium);
        return await TableCsv.WriteAsync(StageAccuracyColumns.Table, rows.ToAsyncEnumerable(), stream, cancel);
    }

    private void CleanUp(Guid studyId, string current)
    {
        var now = time.GetUtcNow();
        foreach (var study in Directory.EnumerateDirectories(data.Folder("exports")))
        {
            var ofThisStudy = Path.GetFileName(study) == studyId.ToString();
            foreach (var file in Directory.EnumerateFiles(study, "*", SearchOption.AllDirectories))
            {
                if ((ofThisStudy && Path.GetDirectoryName(file) != current) || now - File.GetLastWriteTimeUtc(file) > Kept) File.Delete(file);
            }
        }
    }

    private string Folder(Guid studyId, int withdrawn) => data.Folder(Path.Combine("exports", studyId.ToString(), $"{withdrawn}-withdrawn"));

    /// <summary>Letters, digits and hyphens, so that the name is good on every system; of a part of the data it says which.</summary>
    private static string FileName(string study, TrialFilter filter, ExportFormat format)
    {
        string?[] words =
        [
            Plain(study) is { Length: > 0 } name ? name : "study",
            filter.Version is { } version ? $"{(version > 0 ? "v" : "draft")}{Math.Abs(version)}" : null,
            filter.Observers == ObserverType.Human ? null : Words.Of(filter.Observers),
            filter.Recruiter is { } recruiter ? Plain(recruiter) : null,
            filter.WorstTiming is { } worst ? $"timing-{Plain(Words.Of(worst))}" : null,
            filter.IgnoreExclusions ? "no-exclusions" : null,
            filter.IncludeIncomplete ? "with-unfinished" : null,
            ExportFormats.Of(format).File,
        ];
        return string.Join('-', words.OfType<string>());

        static string Plain(string text)
        {
            var plain = string.Concat(text.ToLowerInvariant().Select(c => char.IsAsciiLetterOrDigit(c) ? c : '-')).Trim('-');
            return plain[..Math.Min(plain.Length, 60)];
        }
    }
}
