using System.Diagnostics;
using System.Text.RegularExpressions;
using PerceptionStudy.Server.Analysis;
using PerceptionStudy.Server.Export;
using PerceptionStudy.Server.Tests.Analysis;
using PerceptionStudy.Server.Tests.Participation;

namespace PerceptionStudy.Server.Tests.Export;

/// <summary>The lines of docs/DATA.md, run word for word by R and Python where they are installed, on a file of ours.</summary>
public sealed class LoadingTests
{
    // A model's row has no timing and no time of receipt; "NA" is a name like any other.
    private static readonly TrialRecord[] Rows =
    [
        Trials.Of(1, true, 1, generating: "NA") with { Study = "Füchse, \"rot\"\nund 日本", Timing = Answers.Of(Guid.NewGuid(), "cat", 612.5).Timing, ReactionTimeMs = 612.5, ReceivedAt = new DateTimeOffset(2026, 11, 24, 13, 5, 6, TimeSpan.Zero) },
        Trials.Of(1, false, 1, model: "net", generating: "NA") with { Study = "Füchse, \"rot\"\nund 日本" },
    ];

    [Fact]
    public async Task Pandas_reads_the_columns_in_their_types()
    {
        // A desktop's python3 may be another than the system's.
        var python = File.Exists("/usr/bin/python3") ? "/usr/bin/python3" : "python3";
        Assert.SkipUnless(await RunAsync(python, "-c", "import pandas") is (0, _), "Python with pandas is not installed.");
        var line = Line(@"trials = pandas\.read_csv\(.*");
        var (exit, output) = await OnFileAsync(file => RunAsync(python, "-c",
            $"import pandas\n{line.Replace("\"trials.csv\"", $"r\"{file}\"", StringComparison.Ordinal)}\n"
            + "print(len(trials)); print('|'.join(f'{name} {kind}' for name, kind in trials.dtypes.items()))\n"
            + "print(trials['generating_model'].tolist(), trials['study'][0] == 'Füchse, \"rot\"\\nund 日本', trials['received_at'].isna().tolist(), trials['received_at'][0].isoformat(), trials['reaction_time_ms'][0])"));
        Assert.True(exit == 0, output);
        var lines = output.ReplaceLineEndings("\n").Split('\n');
        Assert.Equal("2", lines[0]);
        foreach (var (column, kind) in lines[1].Split('|').Select(c => (c.Split(' ')[0], c.Split(' ', 2)[1]))) CheckPandas(TrialColumns.All.Single(c => c.Name == column), kind);
        Assert.Equal("['NA', 'NA'] True [False, True] 2026-11-24T13:05:06+00:00 612.5", lines[2]);
    }

    [Fact]
    public async Task Readr_reads_the_columns_in_their_types()
    {
        Assert.SkipUnless(await RunAsync("Rscript", "-e", "library(readr)") is (0, _), "R with readr is not installed.");
        var line = Line(@"trials <- readr::read_csv\(.*");
        var (exit, output) = await OnFileAsync(file => RunAsync("Rscript", "--encoding=UTF-8", "-e",
            $"{line.Replace("\"trials.csv\"", $"\"{file}\"", StringComparison.Ordinal)}; cat('#', nrow(trials), nrow(readr::problems(trials)), '\\n'); "
            + "for (n in names(trials)) cat('#', n, class(trials[[n]])[1], '\\n'); cat('#', trials$generating_model, is.na(trials$received_at), format(trials$received_at[1], tz='UTC', '%Y-%m-%dT%H:%M:%S'), trials$reaction_time_ms[1])"));
        Assert.True(exit == 0, output);
        var lines = output.ReplaceLineEndings("\n").Split('\n').Where(l => l.StartsWith("# ", StringComparison.Ordinal)).Select(l => l[2..].Trim()).ToList();
        Assert.Equal("2 0", lines[0]);
        foreach (var (column, kind) in lines.Skip(1).Take(TrialColumns.All.Count).Select(c => (c.Split(' ')[0], c.Split(' ')[1]))) CheckReadr(TrialColumns.All.Single(c => c.Name == column), kind);
        Assert.Equal("NA NA FALSE TRUE 2026-11-24T13:05:06 612.5", lines[^1]);
    }

    // A column without any value has no type to be told by.
    private static bool Empty(Column<TrialRecord> column) => Rows.All(r => column.Value(r).IsMissing);

    private static void CheckPandas(Column<TrialRecord> column, string kind) => Assert.True(Empty(column) || column.Type switch
    {
        ColumnType.Whole => kind == "Int64",
        ColumnType.Number => kind is "Float64" or "Int64",
        ColumnType.YesNo => kind == "boolean",
        ColumnType.Time => kind == "datetime64[ns, UTC]",
        _ => kind == "string",
    }, $"{column.Name} is {kind}");

    private static void CheckReadr(Column<TrialRecord> column, string kind) => Assert.True(Empty(column) || column.Type switch
    {
        ColumnType.Whole or ColumnType.Number => kind == "numeric",
        ColumnType.YesNo => kind == "logical",
        ColumnType.Time => kind == "POSIXct",
        _ => kind == "character",
    }, $"{column.Name} is {kind}");

    private static string Line(string pattern)
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "PerceptionStudy.sln"))) folder = folder.Parent!;
        return Regex.Match(File.ReadAllText(Path.Combine(folder.FullName, "docs", "DATA.md")), pattern).Value;
    }

    private static async Task<(int, string)> OnFileAsync(Func<string, Task<(int, string)>> run)
    {
        var file = Path.Combine(Path.GetTempPath(), $"trials-{Guid.NewGuid():N}.csv");
        try
        {
            await using (var stream = File.Create(file)) await TableCsv.WriteAsync(TrialColumns.Table, Rows.ToAsyncEnumerable(), stream);
            return await run(file);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<(int Exit, string Output)> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        (start.Environment["PYTHONUTF8"], start.Environment["LC_ALL"]) = ("1", "C.UTF-8");
        try
        {
            using var process = Process.Start(start)!;
            var error = process.StandardError.ReadToEndAsync();
            var output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            return (process.ExitCode, process.ExitCode == 0 ? output : output + await error);
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return (-1, "");
        }
    }
}
