using System.Text.Encodings.Web;
using System.Text.Json;
using PerceptionStudy.Server.Analysis;

namespace PerceptionStudy.Server.Export;

/// <summary>What lies beside an exported file, or last in an archive: whose data, which part of them, as of when, and how many rows of which hash a whole copy has.</summary>
/// <param name="ExclusionRules">Whether those of the design were applied.</param>
/// <param name="Recruiter">Only participants of this recruiter; null for all.</param>
/// <param name="WorstTiming">Only trials whose timing verdict is at most as bad; null for all.</param>
public sealed record ExportTrailer(
    string Study, int[] Versions, string[] DesignSha256, string Observers, bool UnfinishedSessions, bool ExclusionRules, string? Recruiter, string? WorstTiming,
    DateTimeOffset SnapshotAt, IReadOnlyList<ExportedFile> Files)
{
    private static readonly JsonSerializerOptions Readable = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static ExportTrailer Of(ExportSource source, IReadOnlyList<ExportedFile> files) => new(
        source.Study.Name, [.. source.Versions.Select(v => v.Number)], [.. source.Versions.Select(v => v.DesignSha256)],
        Words.Of(source.Filter.Observers), source.Filter.IncludeIncomplete, !source.Filter.IgnoreExclusions, source.Filter.Recruiter, source.Filter.WorstTiming is { } worst ? Words.Of(worst) : null,
        source.SnapshotAt.ToUniversalTime(), files);

    public string ToJson() => JsonSerializer.Serialize(this, Readable);

    public static ExportTrailer Parse(string json) => JsonSerializer.Deserialize<ExportTrailer>(json, Readable)!;
}
