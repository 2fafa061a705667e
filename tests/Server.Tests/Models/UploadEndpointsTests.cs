using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Tests.Data;

namespace PerceptionStudy.Server.Tests.Models;

/// <summary>Uploads by the tus protocol, as any client of it would make them.</summary>
public sealed class UploadEndpointsTests(SqliteDatabase database) : IClassFixture<SqliteDatabase>
{
    private static readonly byte[] Bytes = [.. Enumerable.Range(0, 200_000).Select(i => (byte)(i * 31 >> 3))];

    [Fact]
    public async Task A_cut_upload_goes_on_with_the_bytes_that_are_missing()
    {
        await using var server = await database.UseServerAsync();
        var client = await server.SignInAsync();
        var address = await BeginAsync(client, Bytes.Length);
        Assert.Equal(0, await OffsetAsync(client, address));

        // The connection goes away after a part: what has arrived counts, when the server has noticed.
        var store = server.Services.GetRequiredService<Uploads>();
        var id = Guid.Parse(address.Split('/')[^1]);
        using (var cut = new CancellationTokenSource())
        {
            var content = new StreamContent(new CutStream(Bytes, after: 70_000, () => new FileInfo(store.PathOf(id)).Length > 0, cut));
            await Assert.ThrowsAnyAsync<Exception>(() => client.SendAsync(Patch(address, 0, content), cut.Token));
        }
        await Wait.UntilAsync(async () => !IsBeingWritten(store.PathOf(id)), "nobody adds to the upload any more");
        var offset = await OffsetAsync(client, address);
        Assert.InRange(offset, 1, 70_000);

        Assert.Equal(HttpStatusCode.Conflict, (await client.SendAsync(Patch(address, offset + 1, new ByteArrayContent(Bytes, (int)offset, 10)))).StatusCode);
        var rest = await client.SendAsync(Patch(address, offset, new ByteArrayContent(Bytes, (int)offset, Bytes.Length - (int)offset)));
        Assert.Equal((HttpStatusCode.NoContent, $"{Bytes.Length}"), (rest.StatusCode, rest.Headers.GetValues("Upload-Offset").Single()));
        Assert.Equal(Bytes, await File.ReadAllBytesAsync(store.PathOf(id)));

        // Nobody adds to it any more, and nobody else sees it.
        Assert.Equal(HttpStatusCode.BadRequest, (await client.SendAsync(Patch(address, Bytes.Length, new ByteArrayContent([1])))).StatusCode);
        Assert.Null(store.Find(id, "somebody else"));
        Assert.Equal(HttpStatusCode.NoContent, (await client.SendAsync(Tus(HttpMethod.Delete, address))).StatusCode);
        Assert.False(File.Exists(store.PathOf(id)));
        Assert.Equal(HttpStatusCode.NotFound, (await client.SendAsync(Tus(HttpMethod.Head, address))).StatusCode);
    }

    [Fact]
    public async Task What_is_too_large_or_no_upload_is_refused_before_a_byte_comes()
    {
        await using var server = await database.StartServerAsync("--Uploads:ModelMegabytes=2", "--Uploads:ArchiveMegabytes=1", "--Uploads:PictureMegabytes=1", "--Uploads:SoundMegabytes=1");
        var client = await server.SignInAsync();
        var tooLarge = await client.SendAsync(Begin(2L * 1024 * 1024 + 1));
        Assert.Equal((HttpStatusCode.RequestEntityTooLarge, "The file is larger than 2 MB."), (tooLarge.StatusCode, await tooLarge.Content.ReadAsStringAsync()));
        Assert.Equal(HttpStatusCode.BadRequest, (await client.SendAsync(Tus(HttpMethod.Post, "/admin/uploads"))).StatusCode);
        var withoutVersion = new HttpRequestMessage(HttpMethod.Post, "/admin/uploads");
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await client.SendAsync(withoutVersion)).StatusCode);
        var address = await BeginAsync(client, 10);
        var wrongKind = Patch(address, 0, new ByteArrayContent([1]));
        wrongKind.Content!.Headers.ContentType = new("image/png");
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await client.SendAsync(wrongKind)).StatusCode);
    }

    [Fact]
    public async Task A_program_registers_a_model_and_its_next_version_from_uploads()
    {
        await using var server = await database.UseServerAsync();
        var program = await server.ProgramOfAsync("uploads@example.org");
        byte[] first = ColourNet.Onnx(0.41f), second = ColourNet.Onnx(0.42f);
        var address = await BeginAsync(program, first.Length, "/api/v1/uploads");
        Assert.StartsWith("/api/v1/uploads/", address, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NoContent, (await program.SendAsync(Patch(address, 0, new ByteArrayContent(first, 0, 100)))).StatusCode);
        var early = await RegisterAsync(address);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, early.StatusCode);
        Assert.Contains($"100 of {first.Length} bytes", await early.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NoContent, (await program.SendAsync(Patch(address, 100, new ByteArrayContent(first, 100, first.Length - 100)))).StatusCode);
        var made = await RegisterAsync(address);
        Assert.Equal(HttpStatusCode.Created, made.StatusCode);
        var model = (await made.Content.ReadFromJsonAsync<System.Text.Json.JsonElement>()).GetProperty("id").GetGuid();
        // What was taken is no upload any more.
        Assert.Equal(HttpStatusCode.NotFound, (await RegisterAsync(address)).StatusCode);

        address = await BeginAsync(program, second.Length, "/api/v1/uploads");
        await program.SendAsync(Patch(address, 0, new ByteArrayContent(second)));
        // An upload belongs to who began it.
        Assert.Equal(HttpStatusCode.NotFound, (await (await server.ProgramOfAsync("other@example.org")).SendAsync(Tus(HttpMethod.Head, address))).StatusCode);
        var next = await (await RegisterAsync(address, $"&replaces={model}")).Content.ReadFromJsonAsync<System.Text.Json.JsonElement>();
        Assert.Equal((2, model), (next.GetProperty("version").GetInt32(), next.GetProperty("familyId").GetGuid()));

        Task<HttpResponseMessage> RegisterAsync(string upload, string more = "") => program.PostAsync($"/api/v1/models?fileName=colours.onnx&upload={upload.Split('/')[^1]}{more}", null);
    }

    [Fact]
    public async Task Nobody_uploads_without_signing_in()
    {
        await using var server = await database.UseServerAsync();
        var answer = await server.NewClient().SendAsync(Begin(10));
        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
    }

    private static HttpRequestMessage Tus(HttpMethod method, string address) => new(method, address) { Headers = { { "Tus-Resumable", "1.0.0" } } };

    private static HttpRequestMessage Begin(long length, string at = "/admin/uploads")
    {
        var request = Tus(HttpMethod.Post, at);
        request.Headers.Add("Upload-Length", $"{length}");
        request.Headers.Add("Upload-Metadata", $"filename {Convert.ToBase64String("nét.onnx"u8)}");
        return request;
    }

    private static async Task<string> BeginAsync(HttpClient client, long length, string at = "/admin/uploads")
    {
        var answer = await client.SendAsync(Begin(length, at));
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return answer.Headers.Location!.ToString();
    }

    private static HttpRequestMessage Patch(string address, long offset, HttpContent content)
    {
        var request = Tus(HttpMethod.Patch, address);
        request.Headers.Add("Upload-Offset", $"{offset}");
        content.Headers.ContentType = new("application/offset+octet-stream");
        request.Content = content;
        return request;
    }

    private static async Task<long> OffsetAsync(HttpClient client, string address) =>
        long.Parse((await client.SendAsync(Tus(HttpMethod.Head, address))).Headers.GetValues("Upload-Offset").Single(), System.Globalization.CultureInfo.InvariantCulture);

    private static bool IsBeingWritten(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.None);
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }

    // Gives some bytes, then pulls the plug, when some have arrived.
    private sealed class CutStream(byte[] bytes, int after, Func<bool> arrived, CancellationTokenSource cut) : Stream
    {
        private int at;

        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => at; set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (at >= after)
            {
                await Wait.UntilAsync(async () => arrived(), "bytes have arrived");
                await cut.CancelAsync();
                throw new IOException("The cable is out.");
            }
            var count = Math.Min(Math.Min(buffer.Length, 10_000), after - at);
            bytes.AsMemory(at, count).CopyTo(buffer);
            at += count;
            return count;
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override void Flush() { }
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
