using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Models;
using PerceptionStudy.Server.Tests.Campaigns;
using PerceptionStudy.Server.Tests.Data;

namespace PerceptionStudy.Server.Tests.Models;

/// <summary>A new file in the place of an old one is a new version; the old one and all that names it stay.</summary>
public abstract class ModelVersionsTests(TestDatabase database)
{
    private readonly TestDatabase database = database.Need();

    [Fact]
    public async Task Replacing_a_file_makes_a_version_and_changes_nothing_old()
    {
        await using var server = await database.StartServerAsync();
        var registry = server.Services.GetRequiredService<ModelRegistry>();
        var data = server.Services.GetRequiredService<DataFolder>();
        var first = await registry.RegisterAsync(new MemoryStream(ColourNet.Onnx()), "colours.onnx", pipeline: ColourWorld.Pipeline);
        Assert.Equal((first.Id, 1), (first.FamilyId, first.Version));

        var second = await RegisterAsync(ColourNet.Onnx(0.3f), first.Id);
        Assert.Equal((first.Id, 2, "colours (version 2)"), (second.FamilyId, second.Version, second.Name));
        Assert.Equal(["blue", "green", "red"], second.Pipeline.Categories.Keys.Order());
        Assert.Equal("Input and categories are taken over from version 1.", second.PipelineReasons);
        // A version of any version is a version of the model.
        var third = await RegisterAsync(ColourNet.Onnx(0.2f), first.Id, "colours, retrained");
        Assert.Equal((first.Id, 3, "colours, retrained"), (third.FamilyId, third.Version, third.Name));

        Assert.Equal("This file is here already, as “colours”.", (await Assert.ThrowsAsync<RefusedException>(() => RegisterAsync(ColourNet.Onnx(), second.Id))).Message);
        Assert.Contains("is gone", (await Assert.ThrowsAsync<RefusedException>(() => RegisterAsync(ColourNet.Onnx(0.1f), Guid.NewGuid()))).Message);
        await using var db = server.OpenDatabase();
        var old = await db.Models.AsNoTracking().SingleAsync(m => m.Id == first.Id);
        Assert.Equal((first.Sha256, "colours", first.PipelineJson), (old.Sha256, old.Name, old.PipelineJson));
        Assert.Equal(3, await db.Models.CountAsync());

        async Task<RegisteredModel> RegisterAsync(byte[] onnx, Guid replaces, string? name = null)
        {
            var path = data.NewTemporaryPath(".onnx");
            await File.WriteAllBytesAsync(path, onnx);
            return await registry.RegisterFileAsync(path, "colours.onnx", name, replaces: replaces);
        }
    }
}

public sealed class ModelVersionsOnSqliteTests(SqliteDatabase database) : ModelVersionsTests(database), IClassFixture<SqliteDatabase>;

public sealed class ModelVersionsOnPostgresTests(PostgresDatabase database) : ModelVersionsTests(database), IClassFixture<PostgresDatabase>;
