using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using PerceptionStudy.Server.Tests.Campaigns;
using PerceptionStudy.Server.Tests.Data;
using PerceptionStudy.Server.Tests.Models;

namespace PerceptionStudy.Server.Tests.Stimuli;

/// <summary>What the page of a set does, a program does too: describe, look at, delete, take with it, bring in.</summary>
public sealed class StimulusEndpointsTests(SqliteDatabase database) : IClassFixture<SqliteDatabase>
{
    [Fact]
    public async Task A_program_looks_after_a_set_and_brings_metamers_in()
    {
        await using var server = await database.StartServerAsync();
        var program = await server.ProgramOfAsync("sets@example.org");
        var set = (await ReadAsync(await program.PostAsJsonAsync("/api/v1/stimulus-sets", new { name = "Colours" }))).GetProperty("id").GetString();
        await ColourWorld.AddAsync(server, Guid.Parse(set!), "red", ("red-0.png", ColourNet.Picture("red", 0)), ("red-1.png", ColourNet.Picture("red", 1)));
        Assert.Equal(HttpStatusCode.NoContent, (await program.PutAsJsonAsync($"/api/v1/stimulus-sets/{set}/description", new { name = "Colours of ours", licence = "CC0", source = "drawn" })).StatusCode);
        Assert.Equal("Colours of ours", (await program.GetFromJsonAsync<JsonElement>($"/api/v1/stimulus-sets/{set}")).GetProperty("name").GetString());

        var stimuli = (await program.GetFromJsonAsync<JsonElement>($"/api/v1/stimulus-sets/{set}/stimuli")).GetProperty("items").EnumerateArray().Select(s => s.GetProperty("id").GetString()).ToList();
        Assert.Equal([0x89, 0x50, 0x4E, 0x47], (await program.GetByteArrayAsync($"/api/v1/stimuli/{stimuli[0]}/file"))[..4]);
        Assert.Equal(HttpStatusCode.NoContent, (await program.PutAsJsonAsync($"/api/v1/stimuli/{stimuli[0]}/origin", new { licence = "MIT" })).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await program.DeleteAsync($"/api/v1/stimuli/{stimuli[1]}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await program.GetAsync($"/api/v1/stimuli/{stimuli[1]}")).StatusCode);
        using (var zip = new ZipArchive(new MemoryStream(await program.GetByteArrayAsync($"/api/v1/stimulus-sets/{set}/export.zip"))))
            Assert.Equal(["LICENCE.txt", "pictures.csv", "red/red-0.png"], zip.Entries.Select(e => e.FullName).Order(StringComparer.Ordinal));

        var query = $"name=Theirs&metamers={Uri.EscapeDataString("{model}/{stage}/{category}_{name}.png")}&naturalSet={set}&compared=true";
        var refused = await program.PostAsync($"/api/v1/stimulus-sets/import-metamers?{query}&byName=false", Metamers());
        Assert.Contains("keep them by name", (await ReadAsync(refused)).GetProperty("detail").GetString(), StringComparison.Ordinal);
        var imported = await ReadAsync(await program.PostAsync($"/api/v1/stimulus-sets/import-metamers?{query}&byName=true", Metamers()));
        Assert.Equal((1, 1), (imported.GetProperty("added").GetInt32(), imported.GetProperty("leftOut").GetArrayLength()));
        var metamer = (await program.GetFromJsonAsync<JsonElement>($"/api/v1/stimulus-sets/{imported.GetProperty("setId").GetString()}/stimuli")).GetProperty("items")[0].GetProperty("metamer");
        Assert.Equal((JsonValueKind.Null, true), (metamer.GetProperty("loss").ValueKind, metamer.GetProperty("meetsCriteria").GetBoolean()));
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage answer) => await answer.Content.ReadFromJsonAsync<JsonElement>();

    /// <summary>One metamer of a picture that there is, and one of another.</summary>
    private static ByteArrayContent Metamers()
    {
        using var zip = new MemoryStream();
        using (var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var name in (string[])["red-0", "red-9"])
            {
                using var entry = archive.CreateEntry($"theirs/relu1/red_{name}.png").Open();
                entry.Write(ColourNet.Picture("red", name[^1]));
            }
        }
        return new ByteArrayContent(zip.ToArray());
    }
}
