using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Accounts.Auditing;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Models;
using PerceptionStudy.Server.Tests.Data;
using PerceptionStudy.Synthesis.Tests;

namespace PerceptionStudy.Server.Tests.Models;

/// <summary>What the pages of a model do, by a program: registering a file of the server, the standard categories, trying.</summary>
public sealed class TryOutEndpointTests(SqliteDatabase database) : IClassFixture<SqliteDatabase>
{
    [Fact]
    public async Task A_program_registers_a_file_of_the_server_and_tries_the_model_as_the_page_does()
    {
        using var folder = new TestFolder();
        await File.WriteAllBytesAsync(folder["colours.onnx"], ColourNet.Onnx());
        await using var server = await database.StartServerAsync($"--Models:ServerFolder={folder.Path}");
        var program = await server.ProgramOfAsync("trying@example.org");

        Assert.Equal("colours.onnx", Assert.Single((await program.GetFromJsonAsync<JsonElement>("/api/v1/models/on-server")).GetProperty("items").EnumerateArray()).GetProperty("path").GetString());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await program.PostAsync("/api/v1/models?onServer=../secret.onnx", null)).StatusCode);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await program.PostAsync("/api/v1/models", new ByteArrayContent(ColourNet.Onnx()))).StatusCode);
        var registered = await program.PostAsync("/api/v1/models?onServer=colours.onnx", null);
        Assert.Equal(HttpStatusCode.Created, registered.StatusCode);
        var model = registered.Headers.Location!.ToString();
        Assert.Equal(HttpStatusCode.NoContent, (await program.PutAsync(model + "/pipeline", new StringContent(ColourNet.Pipeline, Encoding.UTF8, "application/json"))).StatusCode);
        Assert.Equal(16, (await program.GetFromJsonAsync<JsonElement>("/api/v1/models/standard-categories?outputs=1001")).EnumerateObject().Count());
        Assert.Equal(HttpStatusCode.NotFound, (await program.GetAsync("/api/v1/models/standard-categories?outputs=3")).StatusCode);

        var picture = ColourNet.Picture("green", 1);
        var answer = await (await program.PostAsync(model + "/try", new ByteArrayContent(picture))).Content.ReadFromJsonAsync<JsonElement>();
        var shown = await server.Services.GetRequiredService<TryOuts>().RunAsync(Guid.Parse(model.Split('/')[^1]), new MemoryStream(picture));
        Assert.Equal(("green", "green"), (answer.GetProperty("answer").GetProperty("category").GetString(), shown.Answer.Category));
        Assert.Equal(shown.Answer.Top!.Select(t => (t.ClassName, t.Probability)), answer.GetProperty("answer").GetProperty("top").EnumerateArray().Select(t => (t.GetProperty("className").GetString()!, t.GetProperty("probability").GetDouble())));
        Assert.Equal(shown.Picture, answer.GetProperty("picture").GetBytesFromBase64());

        var nonsense = await program.PostAsync(model + "/try", new ByteArrayContent("Dear colleague,"u8.ToArray()));
        Assert.Equal(HttpStatusCode.UnprocessableEntity, nonsense.StatusCode);
        Assert.StartsWith("The file is", (await nonsense.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(server.Services.GetRequiredService<DataFolder>().Folder("temporary")));

        await using var db = server.OpenDatabase();
        await db.Models.Unaudited("a test").ExecuteUpdateAsync(m => m.SetProperty(x => x.FileMissing, true));
        var missing = await program.PostAsync(model + "/try", new ByteArrayContent(picture));
        Assert.Contains("is missing: give it", (await missing.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString(), StringComparison.Ordinal);
    }
}
