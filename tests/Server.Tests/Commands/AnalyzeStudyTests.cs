using System.CommandLine;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Analysis.Simulation;
using PerceptionStudy.Server.Commands;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Server.Tests.Data;
using PerceptionStudy.Server.Tests.Studies;
using PerceptionStudy.Synthesis.Tests;

namespace PerceptionStudy.Server.Tests.Commands;

/// <summary>The analyze commands on a study of the database, and the same on its exported trials.</summary>
public sealed class AnalyzeStudyTests(SqliteDatabase database) : IClassFixture<SqliteDatabase>
{
    [Fact]
    public async Task A_study_and_its_exported_trials_give_the_same_documents()
    {
        using var folder = new TestFolder();
        await using (var server = await database.StartServerAsync())
        {
            var databases = server.Services.GetRequiredService<IDbContextFactory<StudyDb>>();
            Study study;
            await using (var db = await databases.CreateDbContextAsync())
            {
                var world = await StudyWorld.Create(perCategory: 6).SaveAsync(db);
                await world.AnswerAsync(db, (model, stimulus) => (stimulus.Name.Length + model.Name.Length) % 3 != 0);
                study = await new StudyDrafts(databases, TimeProvider.System).CreateAsync("Analysed", world.MetamerSets, mainTrials: 21, practiceTrials: 0);
            }
            await Publishing.PublisherOf(server.Services).PublishAsync(study.Id);
            await server.Services.GetRequiredService<StudySimulation>().RunAsync(study.Id, 8, new ObserverProfile { Models = new() { ["standard"] = new() { ["conv1"] = 0.7, ["block2"] = 0.5, ["logits"] = 0.3 } } }, seed: 2);
            var client = await server.SignInAsync();
            await File.WriteAllTextAsync(folder["trials.csv"], await client.GetStringAsync($"/admin/studies/{study.Id}/export/trials.csv?synthetic=true"));
        }
        foreach (var line in (string[])["curves", "anova --design mixed --model standard --permutations 50", "anova --design oneway --model standard --permutations 50", "mixed-model --model standard", "agreement"])
        {
            var (ofStudy, ofFile) = (await JsonAsync($"{line} --study Analysed --synthetic"), await JsonAsync($"{line} {folder["trials.csv"]}"));
            Assert.Equal(ofStudy, ofFile);
        }

        // The simulated presenter is exact: the filter leaves everything, and the document says whose answers they are.
        using (var simulated = JsonDocument.Parse(await JsonAsync("agreement --study Analysed --synthetic --timing exact"))) Assert.Equal("synthetic", simulated.RootElement.GetProperty("observers").GetString());
        Assert.Contains("--timing chooses among the trials of a study: give the study with --study.", (await RunAsync($"agreement {folder["trials.csv"]} --timing exact")).Error, StringComparison.Ordinal);
        Assert.Equal("Nobody came to this study by 'SONA': no recruiter sent anybody.", (await RunAsync("curves --study Analysed --recruiter SONA")).Error.Trim());

        using var cross = JsonDocument.Parse(await JsonAsync("cross-model --study Analysed --synthetic"));
        Assert.Equal(6, cross.RootElement.GetProperty("n").GetInt32());
        var (code, _, error) = await RunAsync("curves --study Analysed");
        Assert.Equal(1, code);
        Assert.Contains("'Analysed' has no such answers yet", error, StringComparison.Ordinal);
        (code, _, error) = await RunAsync("curves --study Nothing");
        Assert.Equal((1, "There is no study 'Nothing'. There are: 'Analysed'."), (code, error.Trim()));
    }

    private async Task<string> JsonAsync(string line)
    {
        var (code, output, error) = await RunAsync(line + " --json");
        Assert.True(code == 0, error);
        using var document = JsonDocument.Parse(output);
        return output;
    }

    private async Task<(int Code, string Output, string Error)> RunAsync(string line)
    {
        string[] settings = line.Contains("--study", StringComparison.Ordinal) ? [.. database.Settings.Select(s => $"--{s.Key}={s.Value}")] : [];
        using StringWriter output = new(), error = new();
        var code = await AnalyzeCommands.Create().Parse([.. line.Split(' '), .. settings]).InvokeAsync(new InvocationConfiguration { Output = output, Error = error });
        return (code, output.ToString(), error.ToString());
    }
}
