using System.Diagnostics;
using PerceptionStudy.Synthesis.Hosting;

namespace PerceptionStudy.Synthesis.Tests.Hosting;

/// <summary>Every test talks to a real child process: this test program in the role synthesis-host.</summary>
public sealed class SynthesisHostProcessTests : IAsyncDisposable
{
    private readonly TestFolder folder = new();
    private readonly SynthesisHostProcess host = new();

    public async ValueTask DisposeAsync()
    {
        await host.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task A_picture_is_prepared_in_the_child()
    {
        var input = TestPictures.Write(folder, "wide.png", 90, 60, 1);
        var prepared = await host.CallAsync<PreparedPicture>(new PreparePicture(input, folder["kept.png"], 32, 32));
        Assert.Equal((32, 32), (prepared.Width, prepared.Height));
        Assert.Equal(PerceptionStudy.Synthesis.Media.WholeFile.Sha256(folder["kept.png"]), prepared.Sha256);
        Assert.NotEqual(Environment.ProcessId, host.ProcessId);
    }

    [Fact]
    public async Task A_bad_picture_costs_one_request_and_the_host_lives_on()
    {
        File.WriteAllText(folder["letter.jpg"], "Dear Sir or Madam");
        var error = await Assert.ThrowsAsync<SynthesisException>(() => host.CallAsync<PreparedPicture>(new PreparePicture(folder["letter.jpg"], folder["o.png"], null, null)));
        Assert.Equal("letter.jpg is not a picture that can be read: it is not a PNG, JPEG, WebP, GIF or BMP file.", error.Message);
        var first = host.ProcessId;
        var good = TestPictures.Write(folder, "good.png", 20, 20, 1);
        await host.CallAsync<PreparedPicture>(new PreparePicture(good, folder["o.png"], null, null));
        Assert.Equal(first, host.ProcessId);
        Assert.False(File.Exists(folder["o.png.part"]));
    }

    [Fact]
    public async Task Calls_from_many_threads_each_get_their_own_answer()
    {
        var input = TestPictures.Write(folder, "in.png", 64, 64, 1);
        var sizes = Enumerable.Range(10, 20).ToArray();
        var answers = await Task.WhenAll(sizes.Select(size => Task.Run(() => host.CallAsync<PreparedPicture>(new PreparePicture(input, folder[$"{size}.png"], size, size)))));
        Assert.Equal(sizes, answers.Select(a => a.Width));
    }

    [Fact]
    public async Task A_host_that_was_killed_is_started_anew_at_the_next_call()
    {
        var input = TestPictures.Write(folder, "in.png", 20, 20, 1);
        await host.CallAsync<PreparedPicture>(new PreparePicture(input, folder["o.png"], null, null));
        var first = host.ProcessId!.Value;
        using (var child = Process.GetProcessById(first))
        {
            child.Kill();
            await child.WaitForExitAsync();
        }
        await host.CallAsync<PreparedPicture>(new PreparePicture(input, folder["o.png"], null, null));
        Assert.NotEqual(first, host.ProcessId);
    }

    [Fact]
    public async Task The_child_ends_with_its_owner_and_no_other_process_does()
    {
        var other = new SynthesisHostProcess();
        var input = TestPictures.Write(folder, "in.png", 20, 20, 1);
        await other.CallAsync<PreparedPicture>(new PreparePicture(input, folder["o.png"], null, null));
        await host.CallAsync<PreparedPicture>(new PreparePicture(input, folder["o.png"], null, null));
        using var child = Process.GetProcessById(other.ProcessId!.Value);
        await other.DisposeAsync();
        Assert.True(child.HasExited);
        await host.CallAsync<PreparedPicture>(new PreparePicture(input, folder["o.png"], null, null));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => other.CallAsync<PreparedPicture>(new PreparePicture(input, folder["o.png"], null, null)));
    }

    [Fact]
    public async Task A_program_that_is_not_there_or_is_no_host_is_named()
    {
        await using var missing = new SynthesisHostProcess(new() { FileName = folder["no-such-program"] });
        var error = await Assert.ThrowsAsync<SynthesisException>(() => missing.CallAsync<PreparedPicture>(new PreparePicture("a", "b", null, null)));
        Assert.StartsWith($"The synthesis host {folder["no-such-program"]} did not start: ", error.Message, StringComparison.Ordinal);

        await using var stranger = new SynthesisHostProcess(new() { FileName = "/bin/sh", Arguments = ["-c", "echo I am no host >&2; exit 3"] });
        error = await Assert.ThrowsAsync<SynthesisException>(() => stranger.CallAsync<PreparedPicture>(new PreparePicture("a", "b", null, null)));
        Assert.Equal("The synthesis host ended unexpectedly with exit code 3; its last words: I am no host; it is started anew at the next request.", error.Message);
    }

    [Fact]
    public async Task A_host_that_does_not_answer_meets_the_time_limit()
    {
        await using var mute = new SynthesisHostProcess(new()
        {
            FileName = "/bin/sh", Arguments = ["-c", "exec sleep 60"], TimeLimit = TimeSpan.FromSeconds(0.3), CancelGrace = TimeSpan.FromSeconds(0.2),
        });
        var error = await Assert.ThrowsAsync<SynthesisException>(() => mute.CallAsync<PreparedPicture>(new PreparePicture("a", "b", null, null)));
        Assert.Equal("The request took longer than its limit of 0.3 seconds and was stopped.", error.Message);
        Assert.Null(mute.ProcessId);
    }

    [Fact]
    public async Task A_host_above_its_memory_limit_is_ended_with_a_reason()
    {
        await using var greedy = new SynthesisHostProcess(new()
        {
            FileName = "/bin/sh", Arguments = ["-c", "x=$(head -c 60000000 /dev/zero | tr '\\0' x); read first; read second"], MemoryLimitBytes = 30 << 20,
        });
        var error = await Assert.ThrowsAsync<SynthesisException>(() => greedy.CallAsync<PreparedPicture>(new PreparePicture("a", "b", null, null)));
        Assert.Equal("The request needed more memory than the synthesis host may use (30 MB) and was stopped; take an earlier stage or a smaller network, or raise the limit (setting Worker:MemoryMegabytes).", error.Message);
    }

    [Fact]
    public void Without_a_word_the_limit_leaves_a_fifth_of_the_machine_s_memory() =>
        Assert.Equal(0.8, (double)new SynthesisHostOptions().MemoryLimitBytes!.Value / GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, 3);
}
