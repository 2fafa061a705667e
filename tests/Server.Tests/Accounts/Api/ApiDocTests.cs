using System.Diagnostics;
using System.Text.RegularExpressions;
using PerceptionStudy.Server.Accounts;
using PerceptionStudy.Server.Tests.Analysis;
using PerceptionStudy.Server.Tests.Data;
using PerceptionStudy.Server.Tests.Export;
using PerceptionStudy.Synthesis.Tests;

namespace PerceptionStudy.Server.Tests.Accounts.Api;

public sealed partial class ApiDocTests(SqliteDatabase database) : IClassFixture<SqliteDatabase>
{
    [Fact]
    public async Task The_lines_of_the_document_do_what_it_says()
    {
        Assert.SkipWhen(!File.Exists("/usr/bin/curl"), "curl is not installed.");
        await using var server = await database.StartServerAsync();
        var study = await ExportEndpointsTests.PublishAsync(server.Services);
        await Participants.TakePartAsync(server.Services, study, 2);
        var token = (await server.ProgramOfAsync("doc@example.org", isAdministrator: true)).DefaultRequestHeaders.Authorization!.Parameter!;
        var script = string.Join('\n', Shell().Matches(File.ReadAllText(Path.Combine(Repository.Root, "docs", "api.md"))).Select(m => m.Groups[1].Value));
        Assert.True(script.Split('\n').Count(line => line.Contains("curl", StringComparison.Ordinal)) > 12, script);

        var folder = Directory.CreateTempSubdirectory("perception-study-").FullName;
        try
        {
            using var bash = Process.Start(new ProcessStartInfo("bash", ["-euo", "pipefail", "-c", script])
            {
                WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true,
                Environment = { ["SERVER"] = server.Address.ToString().TrimEnd('/'), ["TOKEN"] = token, ["STUDY"] = $"{study.Id}", ["SET"] = $"{study.Draft.MetamerSets[0]}" },
            })!;
            var (output, error) = (bash.StandardOutput.ReadToEndAsync(), bash.StandardError.ReadToEndAsync());
            await bash.WaitForExitAsync();
            Assert.True(bash.ExitCode == 0, await error + await output);
            Assert.Contains("\"email\":\"doc@example.org\"", await output, StringComparison.Ordinal);
            Assert.StartsWith("study,", File.ReadAllLines(Path.Combine(folder, "trials.csv"))[0], StringComparison.Ordinal);
            await using var db = server.OpenDatabase();
            Assert.Equal("A new name", db.Studies.Single(s => s.Id == study.Id).Name);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [GeneratedRegex("```sh\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Shell();
}
