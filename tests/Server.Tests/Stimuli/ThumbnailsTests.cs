using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Stimuli;
using PerceptionStudy.Server.Tests.Campaigns;
using PerceptionStudy.Server.Tests.Data;
using PerceptionStudy.Server.Tests.Participation;

namespace PerceptionStudy.Server.Tests.Stimuli;

public sealed class ThumbnailsTests(SqliteDatabase database) : IClassFixture<SqliteDatabase>
{
    [Fact]
    public async Task A_large_picture_gets_a_small_JPEG_once_and_a_small_one_none()
    {
        await using var server = await database.StartServerAsync();
        var set = await server.Services.GetRequiredService<StimulusSets>().CreateAsync("sizes", licence: "CC BY 4.0");
        await ColourWorld.AddAsync(server, set.Id, "any", ("large.png", TestPictures.Png(600, (x, y) => [x % 256, y % 256, 90])), ("small.png", TestPictures.Png(100, (x, y) => [x, y, 90])));
        await using var db = server.OpenDatabase();
        var large = await db.Stimuli.SingleAsync(s => s.Name == "large");
        var small = await db.Stimuli.SingleAsync(s => s.Name == "small");
        var client = await server.SignInAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => client.GetAsync(StimuliFeature.ThumbnailAddress(large.Sha256))));
        Assert.All(answers, a => Assert.Equal((HttpStatusCode.OK, "image/jpeg"), (a.StatusCode, a.Content.Headers.ContentType!.MediaType)));
        var bytes = await answers[0].Content.ReadAsByteArrayAsync();
        Assert.Equal([0xFF, 0xD8], bytes[..2]);
        var folder = server.Services.GetRequiredService<DataFolder>().Folder("thumbnails");
        Assert.Equal(bytes, await File.ReadAllBytesAsync(Assert.Single(Directory.GetFiles(folder, "*", SearchOption.AllDirectories))));
        Assert.Contains("immutable", answers[0].Headers.CacheControl!.ToString());

        var own = await client.GetAsync(StimuliFeature.ThumbnailAddress(small.Sha256));
        Assert.Equal("image/png", own.Content.Headers.ContentType!.MediaType);
        Assert.Equal(small.Sha256, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(await own.Content.ReadAsByteArrayAsync())));
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(StimuliFeature.ThumbnailAddress(new string('0', 64)))).StatusCode);
        Assert.Equal(HttpStatusCode.Found, (await server.NewClient().GetAsync(StimuliFeature.ThumbnailAddress(small.Sha256))).StatusCode);

        // Another set gets the same picture: it is taken, and said.
        var sets = server.Services.GetRequiredService<StimulusSets>();
        var other = await sets.CreateAsync("other");
        using var upload = sets.BeginUpload(other.Id);
        await upload.Batch.AddAsync("copy.png", new MemoryStream(TestPictures.Png(100, (x, y) => [x, y, 90])));
        var added = await upload.FinishAsync("any");
        Assert.Equal(("sizes", 1), added.Elsewhere.Select(e => (e.Key, e.Value)).Single());
        await sets.DescribeStimulusAsync(small.Id, " own work ", "");
        Assert.Equal("own work", (await db.Stimuli.AsNoTracking().SingleAsync(s => s.Id == small.Id)).Licence);
    }
}
