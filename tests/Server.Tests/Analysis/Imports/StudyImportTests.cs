using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Analysis;
using PerceptionStudy.Server.Analysis.Digests;
using PerceptionStudy.Server.Analysis.Imports;
using PerceptionStudy.Server.Analysis.Results;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Export;
using PerceptionStudy.Server.Tests.Data;
using PerceptionStudy.Server.Tests.Export;

namespace PerceptionStudy.Server.Tests.Analysis.Imports;

public sealed class StudyImportTests(SqliteDatabase database) : IClassFixture<SqliteDatabase>
{
    [Fact]
    public async Task Our_own_archive_comes_back_with_the_same_figures()
    {
        await using var server = await database.UseServerAsync();
        var study = await ExportEndpointsTests.PublishAsync(server.Services);
        await Participants.TakePartAsync(server.Services, study, 4);
        var source = await server.Services.GetRequiredService<DigestedStudy>().ReadAsync(study.Id, new TrialFilter());
        var client = await server.SignInAsync();
        foreach (var file in (string[])["study.zip", "psych-ds.zip", "trials.csv"])
        {
            var bytes = await client.GetByteArrayAsync($"/admin/studies/{study.Id}/export/{file}");
            var imported = await Import(server).ImportAsync($"Again {file} {study.Id}", [(file, new MemoryStream(bytes))]);
            Assert.Equal(ImportKind.Trials, imported.Kind);
            var again = await Import(server).ReadAsync(imported);
            Assert.Equal(PanelCsvs(StudySummary.Of(source, study.Name)), PanelCsvs(again.Summary(study.Name)));
        }
    }

    [Fact]
    public async Task A_program_imports_what_the_page_does_and_reads_the_same_figures()
    {
        await using var server = await database.UseServerAsync();
        var study = await ExportEndpointsTests.PublishAsync(server.Services);
        await Participants.TakePartAsync(server.Services, study, 3);
        var program = await server.ProgramOfAsync("importing@example.org", isAdministrator: true);
        var trials = await program.GetByteArrayAsync($"/api/v1/studies/{study.Id}/exports/trials.csv");
        var address = $"/api/v1/imports?name={study.Id}&fileName=trials.csv";
        var refused = await program.PostAsync(address, new ByteArrayContent("a,b"u8.ToArray()));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        Assert.Contains("nothing to import", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var made = await program.PostAsync(address, new ByteArrayContent(trials));
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var import = made.Headers.Location!.ToString();
        Assert.Equal(("trials", 1), ((await program.GetFromJsonAsync<JsonElement>(import)).GetProperty("kind").GetString(), (await program.GetFromJsonAsync<JsonElement>(import)).GetProperty("files").GetInt32()));
        Assert.Contains((await program.GetFromJsonAsync<JsonElement>("/api/v1/imports?limit=200")).GetProperty("items").EnumerateArray(), i => i.GetProperty("name").GetString() == $"{study.Id}");
        Assert.Equal(Means(await program.GetFromJsonAsync<JsonElement>($"/api/v1/studies/{study.Id}/results")), Means(await program.GetFromJsonAsync<JsonElement>(import + "/results")));
        Assert.Contains("SHA-256 of the files", await program.GetStringAsync(import + "/report.html"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NotFound, (await program.GetAsync($"/api/v1/imports/{Guid.NewGuid()}/results")).StatusCode);

        // The tables that the results page computes when somebody asks.
        var source = await server.Services.GetRequiredService<DigestedStudy>().ReadAsync(study.Id, new TrialFilter());
        Assert.Equal(ChartCsv.Confusions(ResultsDetails.Of(source.Trials)), await program.GetStringAsync($"/api/v1/studies/{study.Id}/results/confusions.csv"));
        foreach (var (table, column) in ((string, string)[])[("consistency", "kappa"), ("reaction-times", "density_per_s"), ("mixed-model", "standard_error"), ("recognition-by-category", "category"), ("recognition-by-natural-stimulus", "natural_stimulus"), ("recognition-by-participant", "participant")])
        {
            var lines = (await program.GetStringAsync($"/api/v1/studies/{study.Id}/results/{table}.csv")).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.Contains(column, lines[0].TrimEnd('\r').Split(','));
            Assert.True(lines.Length > 1, $"{table} is empty.");
        }

        static string[] Means(JsonElement results) =>
        [
            .. from panel in results.GetProperty("panels").EnumerateArray()
               from line in panel.GetProperty("lines").EnumerateArray()
               from point in line.GetProperty("points").EnumerateArray()
               select $"{panel.GetProperty("generatingModel")} {line.GetProperty("observer")} {line.GetProperty("model")} {point.GetProperty("stage")} {point.GetProperty("trials")} {point.GetProperty("mean")}"
        ];
    }

    [Fact]
    public async Task Trials_of_model_vs_human_give_the_reference_accuracy()
    {
        var folder = Path.Combine(Shared(), "model-vs-human");
        Assert.SkipUnless(Directory.Exists(folder), "The reference data are not here.");
        await using var server = await database.UseServerAsync();
        var files = Directory.GetFiles(folder, "edge_*.csv").Select(f => (Path.GetFileName(f), (Stream)File.OpenRead(f))).ToList();
        var study = await Import(server).ImportAsync("Edges", files);
        var summary = (await Import(server).ReadAsync(study)).Summary(study.Name);
        using var reference = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "reference-values-edge.json")));
        Assert.Equal(10, summary.Participants);
        var point = Assert.Single(Assert.Single(Assert.Single(summary.Panels).Lines).Points);
        Assert.Equal(reference.RootElement.GetProperty("edge").GetProperty("accuracy").GetDouble(), point.Value.Mean, 1e-9);
        Assert.Equal(study.Rows, point.Trials);
    }

    [Fact]
    public async Task Public_matrices_become_panels_with_their_tests()
    {
        var file = Path.Combine(Shared(), "feather2023", "participant_stage_accuracy_exp1.csv");
        Assert.SkipUnless(File.Exists(file), "The reference data are not here.");
        await using var server = await database.UseServerAsync();
        var study = await Import(server).ImportAsync("Experiment 1", [("matrices.csv", File.OpenRead(file))]);
        var summary = (await Import(server).ReadAsync(study)).Summary(study.Name);
        Assert.Equal(7, summary.Panels.Count);
        Assert.All(summary.Tests(), t => Assert.NotNull(t.Anova!["observer:stage"].F));
    }

    [Fact]
    public async Task Several_experiments_with_the_same_model_are_panels_of_their_own()
    {
        const string Header = "modality,experiment,model,stage_index,stage,participant,human_proportion_correct,network_proportion_correct\r\n";
        var rows = from experiment in Enumerable.Range(1, 2)
                   from stage in Enumerable.Range(0, 3)
                   from participant in Enumerable.Range(0, 5)
                   select FormattableString.Invariant($"vision,{experiment},net,{stage},stage{stage},{participant},{(participant + 3 * stage * experiment) % 5 / 5.0},{(participant + stage) % 3 / 3.0}\r\n");
        await using var server = await database.UseServerAsync();
        var study = await Import(server).ImportAsync("Twice", [("both.csv", new MemoryStream(Encoding.UTF8.GetBytes(Header + string.Concat(rows))))]);
        var summary = (await Import(server).ReadAsync(study)).Summary(study.Name).WithIntervals();
        Assert.Equal(["net experiment 1", "net experiment 2"], summary.Panels.Select(p => p.Key));
        Assert.All(summary.Panels, p => Assert.All(p.Lines, l => Assert.All(l.Points, point => Assert.NotNull(point.Interval))));
        var tests = summary.Tests();
        Assert.Equal(summary.Panels.Select(p => p.Key), tests.Select(t => t.Panel));
        Assert.All(tests, t => Assert.Equal((5, 3), (t.Participants, t.Contrasts.Count)));
        Assert.NotEqual(tests[0].Anova!["stage"].F, tests[1].Anova!["stage"].F);
        Assert.Null(summary.Comparison());
        var report = await (await server.SignInAsync()).GetStringAsync($"/admin/imports/{study.Id}/report.html");
        foreach (var panel in summary.Panels) Assert.Contains($"Metamers of {panel.Key}", report, StringComparison.Ordinal);
        Assert.Equal(10, summary.Participants);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_MATLAB_matrix_is_read_as_it_was_written(bool compressed)
    {
        // 3 participants, 2 stages, people and network.
        double[] values = [1, .75, double.NaN, .5, .25, 0, 1, 1, 1, .9, .8, .7];
        var bytes = MatBytes.Of("participant_data_matrix", [3, 2, 2], values, compressed);
        await using var server = await database.UseServerAsync();
        var study = await Import(server).ImportAsync($"MAT {compressed}", [("VisionExperiment12_network_vs_humans_datamatrix_CLIP_ViT-B_32_public.mat", new MemoryStream(bytes))]);
        var rows = (await Import(server).ReadAsync(study)).Proportions!;
        Assert.All(rows, r => Assert.Equal(("vision", "12", "CLIP_ViT-B_32"), (r.Modality, r.Experiment, r.Model)));
        Assert.Equal([(0, "natural", 1.0, 1.0), (0, "natural", .75, 1), (0, "natural", -1, 1), (1, "stage 1", .5, .9), (1, "stage 1", .25, .8), (1, "stage 1", 0, .7)],
            rows.Select(r => (r.StageIndex, r.Stage, r.Human ?? -1, r.Network!.Value)));
    }

    [Theory]
    [InlineData("notes.csv", "a,b\r\n1,2\r\n", "nothing to import")]
    [InlineData("broken.mat", "MATLAB", "no MAT-file of version 5")]
    [InlineData("broken.zip", "PK", "no whole zip")]
    [InlineData("cut.csv", "subj,session,trial,rt\r\nsubject-01,1,1,0.5\r\n", "is missing")]
    public async Task What_cannot_be_read_is_refused_in_a_sentence_and_leaves_nothing(string file, string content, string says)
    {
        await using var server = await database.UseServerAsync();
        var problem = await Assert.ThrowsAsync<RefusedException>(() => Import(server).ImportAsync("Never", [(file, new MemoryStream(Encoding.UTF8.GetBytes(content)))]));
        Assert.Contains(says, problem.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(server.Services.GetRequiredService<DataFolder>().Folder("temporary")));
        await using var db = server.OpenDatabase();
        Assert.DoesNotContain(db.ImportedStudies, s => s.Name == "Never");
    }

    private static StudyImport Import(RunningServer server) => server.Services.GetRequiredService<StudyImport>();

    private static string[] PanelCsvs(StudySummary summary) => [.. summary.Panels.Select(p => ChartCsv.Curve(p, summary.Chance))];

    private static string Shared()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "PerceptionStudy.sln"))) folder = folder.Parent!;
        return Path.Combine(folder.Parent!.FullName, "shared", "reference");
    }
}
