using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Analysis;
using PerceptionStudy.Server.Analysis.Simulation;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Models;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Stimuli;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Server.Tests.Data;
using PerceptionStudy.Server.Tests.Participation;
using PerceptionStudy.Synthesis.FrontEnds;
using PerceptionStudy.Synthesis.Tests;

namespace PerceptionStudy.Server.Tests.Analysis;

/// <summary>
/// Two real networks answer a published study, by jobs and the synthesis host. Their scores are the picture's mean red, green and blue, so that
/// every right answer is known; the second takes blue for red. The study asks for red and green only.
/// </summary>
public sealed class ModelAnswersOfStudyTests(SqliteDatabase database) : IClassFixture<SqliteDatabase>
{
    private const string Plain = "plain", Swapping = "swapping";

    [Fact]
    public async Task Each_model_answers_exactly_what_each_observer_saw_by_the_rule_among_the_studys_categories()
    {
        Study study;
        await using (var server = await database.StartServerAsync())
        {
            study = await PublishAsync(server.Services);
            await WaitForAnswersAsync(study.Id);
            await server.Services.GetRequiredService<StudySimulation>().RunAsync(study.Id, 5, new ObserverProfile(), seed: 3);

            var records = await server.Services.GetRequiredService<TrialQuery>().ReadAsync(study.Id, new TrialFilter(ObserverType.Synthetic)).ToListAsync();
            var own = records.Where(r => r.Observer == ObserverKind.Synthetic).ToList();
            Assert.Equal(5 * 4, own.Count);
            foreach (var model in (string[])[Plain, Swapping])
            {
                var answers = records.Where(r => r.Observer == ObserverKind.Model && r.ObserverId == model).ToList();
                Assert.Equal(own.Select(Seen), answers.Select(Seen));
                // One row each of what is shown; the numbers are the colour's.
                Assert.All(answers, a => Assert.Equal(Expected(model, a.Stimulus!), a.Response));
                Assert.All(answers, a => Assert.Equal(a.Response == a.Category, a.Correct));
            }
            Assert.Contains(own, r => r.Condition == ConditionKind.Metamer);
        }

        // The embedded engine forgets its jobs when the server stops; the next start asks again for what is missing.
        await using (var db = database.Open()) await db.ModelAnswers.ExecuteDeleteAsync();
        await using var again = await database.StartServerAsync();
        await WaitForAnswersAsync(study.Id);

        await Assert.ThrowsAsync<RefusedException>(() => again.Services.GetRequiredService<ModelRegistry>().SavePipelineAsync(study.Draft.RecognisingModels[0], new PicturePipeline()));
    }

    private static (int, int, string?, string?, int?) Seen(TrialRecord r) => (r.Session, r.Position, r.StimulusSha256, r.Stage, r.StageIndex);

    // Names are "red-r-g-b": the category, then the colour. With ties excluded, the higher of the two channels that the model calls red and green.
    private static string Expected(string model, string stimulus)
    {
        var parts = stimulus.Split('-');
        int red = int.Parse(parts[1]), green = int.Parse(parts[2]), blue = int.Parse(parts[3]);
        return (model == Plain ? red : blue) > green ? "red" : "green";
    }

    private static async Task<Study> PublishAsync(IServiceProvider services)
    {
        using var folder = new TestFolder();
        var registry = services.GetRequiredService<ModelRegistry>();
        var plain = await RegisterAsync(TestNets.Blocks(folder, 8, "plain.onnx"), Plain, 8, new() { ["red"] = [0], ["green"] = [1], ["blue"] = [2] });
        await RegisterAsync(TestNets.Blocks(folder, 10, "swapping.onnx"), Swapping, 10, new() { ["red"] = [2], ["green"] = [1], ["blue"] = [0] });

        var blobs = services.GetRequiredService<BlobStore>();
        await using var db = await services.GetRequiredService<IDbContextFactory<StudyDb>>().CreateDbContextAsync();
        var naturals = new StimulusSet { Id = Guid.CreateVersion7(), Name = "colours", Kind = StimulusKind.Natural };
        var metamers = new StimulusSet { Id = Guid.CreateVersion7(), Name = "metamers of colours", Kind = StimulusKind.Metamer };
        // Brightest is blue for some: among red and green the next best has to be taken.
        (string Category, byte R, byte G, byte B)[] shown = [("red", 200, 100, 30), ("red", 180, 60, 240), ("green", 100, 200, 30), ("green", 20, 90, 250)];
        foreach (var (category, r, g, b) in shown)
        {
            var natural = await AddAsync(naturals, category, r, g, b);
            var metamer = await AddAsync(metamers, category, (byte)(r - 10), (byte)(g + 9), (byte)(b - 8));
            metamer.Metamer = new Metamer
            {
                StimulusId = metamer.Id, NaturalStimulusId = natural.Id, ModelId = plain.Id, StageId = plain.Stages[0].Id, Preset = "fast",
                NaturalClass = category, MetamerClass = category, MeetsCriteria = true, ManifestJson = "{}",
            };
        }
        db.StimulusSets.AddRange(naturals, metamers);
        await db.SaveChangesAsync();

        var drafts = services.GetRequiredService<StudyDrafts>();
        var study = await drafts.CreateAsync("Colours", [metamers.Id], mainTrials: 4, practiceTrials: 0);
        var both = await db.Models.Select(m => m.Id).ToArrayAsync();
        study.Draft = study.Draft with { RecognisingModels = both };
        await drafts.SaveAsync(study.Id, study.Name, study.Draft, places: null, listed: false);
        await services.GetRequiredService<StudyPublisher>().PublishAsync(study.Id);
        return study;

        async Task<RegisteredModel> RegisterAsync(string file, string name, int side, Dictionary<string, int[]> categories)
        {
            await using var stream = File.OpenRead(file);
            return await registry.RegisterAsync(stream, Path.GetFileName(file), name, new PicturePipeline { Width = side, Height = side, Categories = categories });
        }

        async Task<Stimulus> AddAsync(StimulusSet set, string category, byte r, byte g, byte b)
        {
            using var png = new MemoryStream(TestPictures.Plain(r, g, b));
            var stimulus = new Stimulus
            {
                Id = Guid.CreateVersion7(), SetId = set.Id, Name = $"{category}-{r}-{g}-{b}", Category = category, Sha256 = await blobs.StoreAsync(png),
                MediaType = "image/png", Width = 8, Height = 8,
            };
            set.Stimuli.Add(stimulus);
            return stimulus;
        }
    }

    private async Task WaitForAnswersAsync(Guid studyId)
    {
        await using var db = database.Open();
        await Wait.UntilAsync(() => StudyMonitor.MissingModelAnswersAsync(db, studyId), missing => missing == 0, missing => $"{missing} answers of the models are missing.");
    }
}
