using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using CsvHelper;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Parquet;
using Parquet.Schema;
using PerceptionStudy.Server.Analysis;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Export;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Server.Tests.Analysis;
using PerceptionStudy.Server.Tests.Data;

namespace PerceptionStudy.Server.Tests.Export;

/// <summary>A study with a completed, an unfinished and a withdrawn session, in every format.</summary>
public abstract class StudyArchiveTests(TestDatabase database)
{
    private readonly TestDatabase database = database.Need();

    [Fact]
    public async Task A_zip_holds_every_table_as_the_codebook_says_and_its_trailer_tells_the_truth()
    {
        using var zip = await ExportAsync(ExportFormat.Zip);
        string[] others = ["design.json", "codebook.md", "codebook.json", "codebook.csv", "README.md", "trailer.json"];
        Assert.Equal(Codebook.Tables.Select(t => $"{t.Name}.csv").Concat(others), zip.Entries.Select(e => e.FullName));
        CheckTrailer(zip);
        foreach (var table in Codebook.Tables)
        {
            var (headers, rows) = Read(zip, $"{table.Name}.csv");
            Assert.Equal(table.Columns.Select(c => c.Name), headers);
            foreach (var (index, column) in table.Columns.Index())
            {
                Assert.All(rows, row => CheckField(table, column, row[index]));
                if (column.Missing is null) Assert.All(rows, row => Assert.True(row[index] != "", $"{table.Name}.{column.Name} is empty though the codebook says never."));
            }
        }
    }

    [Fact]
    public async Task The_smaller_tables_agree_with_the_trials()
    {
        using var zip = await ExportAsync(ExportFormat.Zip);
        var trials = Rows(zip, "trials.csv");
        var participants = Rows(zip, "participants.csv");
        Assert.Equal([("P1", "completed", "true"), ("P2", "active", "false"), ("P3", "withdrawn", "false")], participants.Select(p => (p["participant"], p["state"], p["included"])));
        var own = trials.Where(t => t["observer_type"] == "human").ToList();
        Assert.Equal(["P1"], own.Select(t => t["observer_id"]).Distinct());
        var first = participants[0];
        Assert.Equal($"{own.Count}", first["answered_trials"]);
        var counted = own.Where(t => t["phase"] == "main" && t["is_catch"] == "false" && t["swapped"] == "false").ToList();
        Assert.Equal($"{counted.Count}", first["counted_trials"]);
        Assert.Equal((double)counted.Count(t => t["correct"] == "true") / counted.Count, double.Parse(first["proportion_correct"]), 12);
        Assert.Equal(own.Count, new[] { "timing_exact", "timing_off_by_one", "timing_bad" }.Sum(v => int.Parse(first[v])));

        var exclusions = Rows(zip, "exclusions.csv");
        Assert.Equal([("P2", "unfinished"), ("P3", "withdrawn")], exclusions.Where(e => e["scope"] == "session").Select(e => (e["participant"], e["reason"])));
        Assert.Equal(own.Count(t => t["phase"] == "practice"), exclusions.Where(e => e["reason"] == "practice").Sum(e => int.Parse(e["trials"])));

        var stimuli = Rows(zip, "stimuli.csv").Select(s => s["stimulus_sha256"]).ToHashSet();
        Assert.All(trials.Where(t => t["is_catch"] == "false"), t => Assert.Contains(t["stimulus_sha256"], stimuli));
        Assert.Equal(trials.Where(t => t["observer_type"] == "model").Select(t => t["observer_id"]).Distinct().Order(StringComparer.Ordinal), Rows(zip, "models.csv").Select(m => m["model"]).Order(StringComparer.Ordinal));
        Assert.Equal(["study_created", "version_published", "state_changed", "session_started", "session_completed", "session_withdrawn", "exported"], Rows(zip, "audit.csv").Select(a => a["event"]).Distinct());

        using var design = JsonDocument.Parse(Text(zip, "design.json"));
        var version = design.RootElement.GetProperty("versions")[0];
        Assert.Equal(version.GetProperty("designSha256").GetString(), CanonicalJson.Sha256(version.GetProperty("design").GetRawText()));
    }

    [Fact]
    public async Task A_Psych_DS_dataset_keeps_the_rules_of_the_standard()
    {
        using var zip = await ExportAsync(ExportFormat.PsychDs);
        CheckTrailer(zip);
        var files = zip.Entries.ToDictionary(e => e.FullName, e => Text(zip, e.FullName));
        Assert.Empty(PsychDsRules.Check(files));
        // Every table has a sidecar that lists its columns and no others, which the standard does not ask for.
        foreach (var table in Codebook.Tables)
        {
            var path = files.Keys.Single(f => f.EndsWith($"_description-{table.Name.Replace("-", "", StringComparison.Ordinal)}_data.csv", StringComparison.Ordinal));
            using var sidecar = JsonDocument.Parse(files[Path.ChangeExtension(path, ".json")]);
            Assert.Equal(Read(zip, path).Headers, sidecar.RootElement.GetProperty("variableMeasured").EnumerateArray().Select(v => v.GetProperty("name").GetString()));
        }
    }

    [Fact]
    public async Task Parquet_holds_what_the_CSV_holds_in_its_types()
    {
        using var zip = await ExportAsync(ExportFormat.Zip);
        var (headers, rows) = Read(zip, "trials.csv");
        await using var server = await database.StartServerAsync();
        await using var db = server.OpenDatabase();
        var study = await db.Studies.OrderByDescending(s => s.CreatedAt).FirstAsync();
        var ready = await server.Services.GetRequiredService<ExportFiles>().PrepareAsync(study.Id, ExportFormat.Parquet, new TrialFilter());
        await using var parquet = await ParquetReader.CreateAsync(ready.Path);
        Assert.Equal(headers, parquet.Schema.DataFields.Select(f => f.Name));
        Assert.Equal(rows.Count, ready.Trailer.Files[0].Rows);
        using var group = parquet.OpenRowGroupReader(0);
        Assert.Equal(rows.Count, group.RowCount);
        foreach (var (index, column) in TrialColumns.All.Index())
        {
            var values = await ValuesAsync(group, parquet.Schema.DataFields[index], column.Type, rows.Count);
            Assert.Equal(rows.Select(r => r[index].TrimStart('\'')), values.Select(v => v.TrimStart('\'')));
        }
    }

    private static async Task<string[]> ValuesAsync(ParquetRowGroupReader group, DataField field, ColumnType type, int rows)
    {
        switch (type)
        {
            case ColumnType.Whole: return await OfAsync<long>(v => $"{v}");
            case ColumnType.Number: return await OfAsync<double>(v => v.ToString("R"));
            case ColumnType.YesNo: return await OfAsync<bool>(v => v ? "true" : "false");
            case ColumnType.Time: return await OfAsync<DateTime>(v => v.ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ"));
            default:
                var texts = new string?[rows];
                await group.ReadAsync(field, texts.AsMemory()!);
                return [.. texts.Select(t => t ?? "")];
        }

        async Task<string[]> OfAsync<T>(Func<T, string> text) where T : struct
        {
            var values = new T?[rows];
            await group.ReadAsync<T>(field, values.AsMemory());
            return [.. values.Select(v => v is { } value ? text(value) : "")];
        }
    }

    private static (string[] Headers, List<string[]> Rows) Read(ZipArchive zip, string path)
    {
        using var csv = CsvReader.Create(new StringReader(Text(zip, path)), new CsvReaderOptions { Separator = ',', FieldCountMismatch = CsvFieldCountHandling.Throw });
        var rows = new List<string[]>();
        var headers = csv.Headers.ToArray();
        while (csv.Read()) rows.Add([.. headers.Select((_, i) => csv.GetString(i))]);
        return (headers, rows);
    }

    private static List<Dictionary<string, string>> Rows(ZipArchive zip, string path)
    {
        var (headers, rows) = Read(zip, path);
        return [.. rows.Select(row => headers.Zip(row).ToDictionary(f => f.First, f => f.Second))];
    }

    private static string Text(ZipArchive zip, string path)
    {
        using var reader = new StreamReader(zip.GetEntry(path)!.Open());
        return reader.ReadToEnd();
    }

    private static void CheckTrailer(ZipArchive zip)
    {
        var trailer = ExportTrailer.Parse(Text(zip, "trailer.json"));
        Assert.Equal("trailer.json", zip.Entries[^1].FullName);
        Assert.Equal(zip.Entries.Select(e => e.FullName).SkipLast(1), trailer.Files.Select(f => f.File));
        foreach (var file in trailer.Files)
        {
            using var bytes = new MemoryStream();
            using (var entry = zip.GetEntry(file.File)!.Open()) entry.CopyTo(bytes);
            Assert.Equal((bytes.Length, Convert.ToHexStringLower(SHA256.HashData(bytes.ToArray()))), (file.Bytes, file.Sha256));
            if (file.Rows is { } rows) Assert.Equal(rows, Read(zip, file.File).Rows.Count);
        }
    }

    private static void CheckField(TableSchema table, Column column, string field)
    {
        if (field == "") return;
        var holds = column.Type switch
        {
            ColumnType.Whole => long.TryParse(field, out _),
            ColumnType.Number => double.TryParse(field, out var number) && double.IsFinite(number),
            ColumnType.YesNo => field is "true" or "false",
            ColumnType.Time => DateTime.TryParseExact(field, "yyyy-MM-ddTHH:mm:ss.ffffffZ", null, System.Globalization.DateTimeStyles.None, out _),
            _ => true,
        };
        Assert.True(holds, $"{table.Name}.{column.Name} holds '{field}', no {column.Type}.");
        // A list of words is complete.
        if (column.Type == ColumnType.Word && column.Range.Contains(", ", StringComparison.Ordinal) && !column.Range.Contains('…') && !column.Range.Contains(';'))
            Assert.Contains(field, column.Range.Split(", "));
    }

    private async Task<ZipArchive> ExportAsync(ExportFormat format)
    {
        await using var server = await database.StartServerAsync();
        var study = await ExportEndpointsTests.PublishAsync(server.Services);
        await Participants.TakePartAsync(server.Services, study, 1);
        await Participants.TakePartAsync(server.Services, study, 1, trials: 2);
        var leaving = (await Participants.TakePartAsync(server.Services, study, 1, trials: 2)).Single();
        await using (var db = server.OpenDatabase()) await SessionEnd.WithdrawAsync(db, leaving, TimeProvider.System);
        var bytes = new MemoryStream(await (await server.SignInAsync()).GetByteArrayAsync($"/admin/studies/{study.Id}/export/{ExportFormats.Of(format).File}"));
        return new ZipArchive(bytes);
    }
}

public sealed class StudyArchiveOnSqliteTests(SqliteDatabase database) : StudyArchiveTests(database), IClassFixture<SqliteDatabase>;

public sealed class StudyArchiveOnPostgresTests(PostgresDatabase database) : StudyArchiveTests(database), IClassFixture<PostgresDatabase>;
