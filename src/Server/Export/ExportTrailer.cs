using System.Text.Encodings.Web;
using System.Text.Json;
using PerceptionStudy.Server.Analysis;

namespace PerceptionStudy.Server.Export;

/// <summary>What lies beside an exported file, or last in an archive: whose data, as of when, and how many rows of which hash a whole copy has.</summary>
public sealed record ExportTrailer(string Study, int[] Versions, string[] DesignSha256, string Observers, bool UnfinishedSessions, DateTimeOffset SnapshotAt, IReadOnlyList<ExportedFile> Files)
{
    private static readonly JsonSerializerOptions Readable = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    internal static ExportTrailer Of(ExportSource source, IReadOnlyList<ExportedFile> files) => new(
        source.Study.Name, [.. source.Versions.Select(v => v.Number)], [.. source.Versions.Select(v => v.DesignSha256)],
        Words.Of(source.Filter.Observers), source.Filter.IncludeIncomplete, source.SnapshotAt.ToUniversalTime(), files);

    public string ToJson() => JsonSerializer.Serialize(this, Readable);

    public static ExportTrailer Parse(string json) => JsonSerializer.Deserialize<ExportTrailer>(json, Readable)!;
}
