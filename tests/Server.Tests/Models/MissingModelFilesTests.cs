using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Campaigns;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Models;
using PerceptionStudy.Server.Stimuli;
using PerceptionStudy.Server.Tests.Campaigns;
using PerceptionStudy.Server.Tests.Data;

namespace PerceptionStudy.Server.Tests.Models;

/// <summary>Models that are known before their file is here: by its hash, from a bundle, or by their name, from metamers that were made with them.</summary>
public abstract class MissingModelFilesTests(TestDatabase database)
{
    private readonly TestDatabase database = database.Need();

    [Fact]
    public async Task A_model_known_by_its_hash_takes_that_file_and_no_other()
    {
        await using var server = await database.StartServerAsync();
        var (registry, blobs) = (server.Services.GetRequiredService<ModelRegistry>(), server.Services.GetRequiredService<BlobStore>());
        var (waiting, path) = (await AwaitedAsync(server, 0.41f), server.Services.GetRequiredService<DataFolder>().NewTemporaryPath(".onnx"));
        var stages = waiting.Stages.Select(s => s.Id).ToList();
        await File.WriteAllBytesAsync(path, ColourNet.Onnx(0.42f));
        var refusal = await Assert.ThrowsAsync<RefusedException>(() => registry.GiveFileAsync(waiting.Id, path, "other.onnx"));
        Assert.StartsWith($"other.onnx is another file than that of “{waiting.Name}”: its SHA-256 begins with", refusal.Message, StringComparison.Ordinal);
        Assert.False(await blobs.ExistsAsync(waiting.Sha256));

        // It makes nothing before.
        await using var db = server.OpenDatabase();
        var set = await server.Services.GetRequiredService<StimulusSets>().CreateAsync($"naturals {waiting.Id}");
        await ColourWorld.AddAsync(server, set.Id, "red", ("a.png", ColourNet.Picture("red", 0)), ("b.png", ColourNet.Picture("red", 1)));
        var plan = new CampaignPlan { Name = $"early {waiting.Id}", NaturalSetId = set.Id, StageIds = [stages[0]] };
        Assert.Equal($"The file of {waiting.Name} is missing: give it on the model's page first.",
            (await Assert.ThrowsAsync<RefusedException>(() => server.Services.GetRequiredService<CampaignService>().StartAsync(plan))).Message);

        var program = await server.ProgramOfAsync($"{Guid.NewGuid():N}@example.org");
        Assert.True((await program.GetFromJsonAsync<JsonElement>($"/api/v1/models/{waiting.Id}")).GetProperty("model").GetProperty("fileMissing").GetBoolean());
        var given = await program.PutAsync($"/api/v1/models/{waiting.Id}/file?fileName=right.onnx", new ByteArrayContent(ColourNet.Onnx(0.41f)));
        Assert.Equal(HttpStatusCode.OK, given.StatusCode);
        Assert.False((await given.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("fileMissing").GetBoolean());
        Assert.True(await blobs.ExistsAsync(waiting.Sha256));
        Assert.Equal(stages, await db.Stages.Where(s => s.ModelId == waiting.Id).OrderBy(s => s.Position).Select(s => s.Id).ToListAsync());
        Assert.Contains("is here already", (await Assert.ThrowsAsync<RefusedException>(() => registry.GiveFileAsync(waiting.Id, path, "other.onnx"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Registering_the_file_gives_it_to_the_model_that_waits_for_it()
    {
        await using var server = await database.StartServerAsync();
        var waiting = await AwaitedAsync(server, 0.43f);
        var given = await server.Services.GetRequiredService<ModelRegistry>().RegisterAsync(new MemoryStream(ColourNet.Onnx(0.43f)), "mine.onnx");
        Assert.Equal((waiting.Id, waiting.Name, false), (given.Id, given.Name, given.FileMissing));
        await using var db = server.OpenDatabase();
        Assert.Equal(1, await db.Models.CountAsync(m => m.Sha256 == waiting.Sha256));
    }

    [Fact]
    public async Task Metamers_of_a_model_that_is_not_registered_are_kept_by_name_and_tied_to_it_when_it_is()
    {
        await using var server = await database.StartServerAsync();
        var (registry, import) = (server.Services.GetRequiredService<ModelRegistry>(), server.Services.GetRequiredService<MetamerImport>());
        var name = $"net {Guid.NewGuid():N}";
        using var upload = server.Services.GetRequiredService<StimulusSets>().BeginImport();
        await upload.Batch.AddAsync("made.zip", ColourNet.MetamersOf(name));
        var preview = ImportPreview.Of(upload.Batch.Files(null), ImportLayout.Exported);
        var plan = new MetamerImportPlan { SetName = $"by name {name}", Stages = new Dictionary<NamedStage, Guid>(), ComparedElsewhere = true, Licence = "CC0" };
        Assert.Contains("or keep them by name", (await Assert.ThrowsAsync<RefusedException>(() => import.RunAsync(preview, plan))).Message, StringComparison.Ordinal);

        var (set, result) = await import.RunAsync(preview, plan with { KeepByName = true });
        Assert.Equal((4, 0), (result.Added, result.LeftOut.Count));
        await using var db = server.OpenDatabase();
        var known = await db.Models.AsNoTracking().Include(m => m.Stages.OrderBy(s => s.Position)).SingleAsync(m => m.Name == name);
        Assert.Equal(("", true), (known.Sha256, known.FileMissing));
        Assert.Equal([("opponent", false), ("pooled", false)], known.Stages.Select(s => (s.Name, s.Differentiable)));
        var metamers = await MetamerRow.Of(db, db.Stimuli.Where(s => s.SetId == set!.Id)).OrderBy(m => m.Sha256).ToListAsync();
        Assert.All(metamers, m => Assert.Equal((name, 7, false, MetamerState.Accepted), (m.Stage.Model, m.Seed, m.IsMeasured, m.State)));
        // Another import names the same model.
        await import.RunAsync(preview, plan with { SetName = $"again {name}", KeepByName = true });
        Assert.Equal(2, await db.Stages.CountAsync(s => s.ModelId == known.Id));

        // A file without such stages is not theirs.
        var stranger = await Assert.ThrowsAsync<RefusedException>(() => registry.GiveAsync(known.Id, new MemoryStream(ToneNet.Onnx()), "tones.onnx"));
        Assert.StartsWith($"“{name}” has metamers at opponent, and tones.onnx has no stage of that name", stranger.Message, StringComparison.Ordinal);

        var given = await registry.RegisterAsync(new MemoryStream(ColourNet.Onnx(0.44f)), $"{name}.onnx");
        Assert.Equal((known.Id, false), (given.Id, given.FileMissing));
        var stages = await db.Stages.AsNoTracking().Where(s => s.ModelId == known.Id).OrderBy(s => s.Position).ToListAsync();
        Assert.Equal(known.Stages.Select(s => s.Id), stages.Where(s => s.Name is "opponent" or "pooled").Select(s => s.Id));
        Assert.Contains(stages, s => s is { Name: "rectified", Differentiable: true });
        Assert.Equal(metamers.Select(m => (m.Id, m.StageId)), (await MetamerRow.Of(db, db.Stimuli.Where(s => s.SetId == set!.Id)).OrderBy(m => m.Sha256).ToListAsync()).Select(m => (m.Id, m.StageId)));
        // What belongs to which category can still be said, once.
        await registry.SavePipelineAsync(known.Id, ColourWorld.Pipeline);
        await Assert.ThrowsAsync<RefusedException>(() => registry.SavePipelineAsync(known.Id, ColourWorld.Pipeline));
    }

    /// <summary>A model as a bundle brings it: all that is known of it, without the file.</summary>
    private static async Task<RegisteredModel> AwaitedAsync(RunningServer server, float contrast)
    {
        var path = server.Services.GetRequiredService<DataFolder>().NewTemporaryPath(".onnx");
        await File.WriteAllBytesAsync(path, ColourNet.Onnx(contrast));
        var (model, _) = await server.Services.GetRequiredService<ModelRegistry>().ReadAsync(path, "theirs.onnx", $"theirs {contrast}", ColourWorld.Pipeline);
        File.Delete(path);
        model.FileMissing = true;
        await using var db = server.OpenDatabase();
        db.Models.Add(model);
        await db.SaveChangesAsync();
        return model;
    }
}

public sealed class MissingModelFilesOnSqliteTests(SqliteDatabase database) : MissingModelFilesTests(database), IClassFixture<SqliteDatabase>;

public sealed class MissingModelFilesOnPostgresTests(PostgresDatabase database) : MissingModelFilesTests(database), IClassFixture<PostgresDatabase>;
