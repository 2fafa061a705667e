using System.Globalization;
using System.Text.Json;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Operation.Backups;

/// <summary>A file in a backup.</summary>
public sealed record BackupEntry(string Name, long Bytes, string Sha256);

/// <summary>What a backup says of itself, <c>manifest.json</c> in the zip: written last, so a backup without it is not whole.</summary>
/// <param name="Database">postgres or sqlite.</param>
/// <param name="Migration">The last migration of the schema.</param>
public sealed record BackupManifest(int Format, string Program, string Database, string Migration, DateTimeOffset MadeAt, int Studies, int Sessions, IReadOnlyList<BackupEntry> Entries);

/// <summary>
/// A zip with everything that an installation consists of: the database as of one moment (<c>database/</c>), the blobs (<c>blobs/</c>) and the keys
/// (<c>keys/</c>), with a hash of each file.
/// </summary>
public static class BackupFile
{
    public const int CurrentFormat = 1;
    public const string ManifestName = "manifest.json";
    public const string SqliteName = "database/study.db";
    public const string PostgresName = "database/postgres.dump";

    /// <summary>The parts of the data folder that are in it; the rest is temporary, or made anew.</summary>
    public static readonly string[] Folders = ["blobs", "keys"];

    private const string LastFile = "last-backup";

    internal static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>When the last backup of a data folder was finished, or null.</summary>
    public static DateTimeOffset? LastIn(DataFolder data) =>
        Path.Combine(data.Path, LastFile) is var file && File.Exists(file) && DateTimeOffset.TryParse(File.ReadAllText(file), CultureInfo.InvariantCulture, out var at) ? at : null;

    /// <summary>Notes that a backup is whole.</summary>
    public static void NoteLast(DataFolder data, DateTimeOffset at) => File.WriteAllText(Path.Combine(data.Path, LastFile), at.ToString("O", CultureInfo.InvariantCulture));
}
