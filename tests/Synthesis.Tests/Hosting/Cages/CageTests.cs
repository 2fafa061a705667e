using System.Diagnostics;
using System.Runtime.InteropServices;
using PerceptionStudy.Synthesis.FrontEnds;
using PerceptionStudy.Synthesis.Hosting;
using PerceptionStudy.Synthesis.Hosting.Cages;

namespace PerceptionStudy.Synthesis.Tests.Hosting.Cages;

/// <summary>What a program in a cage can do, tried with a shell in it; and that a host in one does its work.</summary>
public sealed class CageTests : IDisposable
{
    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void It_sees_the_folders_that_it_is_given_and_no_others()
    {
        NeedsFiles();
        File.WriteAllText(Path.Combine(Folder("given"), "model.onnx"), "weights");
        File.WriteAllText(Path.Combine(Folder("keys"), "key.xml"), "secret");
        File.CreateSymbolicLink(Path.Combine(Folder("given"), "link"), Path.Combine(Folder("keys"), "key.xml"));
        Assert.Equal("weights", Run($"cat {Folder("given")}/model.onnx").Said);
        foreach (var path in (string[])[$"{Folder("keys")}/key.xml", $"{Folder("given")}/link", "/etc/passwd", "/etc/shadow", $"/proc/{Environment.ProcessId}/environ"])
            Assert.NotEqual(0, Run($"cat {path}").Code);
    }

    [Fact]
    public void It_writes_where_it_may_and_nowhere_else()
    {
        NeedsFiles();
        Assert.Equal(0, Run($"echo made > {Folder("out")}/metamer.png && echo scratch > $TMPDIR/x").Code);
        Assert.Equal("made\n", File.ReadAllText(Path.Combine(Folder("out"), "metamer.png")));
        foreach (var path in (string[])[$"{Folder("given")}/x", "/usr/x", "/bin/x", $"{AppContext.BaseDirectory}x"])
            Assert.NotEqual(0, Run($"echo x > {path}").Code);
        Assert.NotEqual(0, Run("[ -w /proc/sysrq-trigger ]").Code);
        // Written as it is, so that a hole would change nothing.
        Assert.NotEqual(0, Run("read now < /proc/sys/kernel/core_pattern; echo \"$now\" > /proc/sys/kernel/core_pattern").Code);
        Assert.Empty(Directory.GetFiles(Folder("given")));
    }

    [Fact]
    public void It_has_no_network_and_sees_no_other_process()
    {
        Assert.SkipWhen(Cage.Closest < CageKind.Network, Cage.Words(Cage.Closest));
        // The loopback alone, and not even that is up.
        Assert.Equal("lo", Run("tail -n +3 /proc/net/dev | cut -d: -f1 | tr -d ' \\n'").Said);
        NeedsFiles();
        Assert.InRange(int.Parse(Run("ls /proc | grep -c '^[0-9]'").Said), 1, 9);
    }

    [Fact]
    public void It_has_no_system_calls_that_computing_does_not_need()
    {
        NeedsFiles();
        Assert.SkipUnless(RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.Arm64, "The filter knows the numbers of x86-64 and arm64 only.");
        Assert.Equal("2", Run("grep Seccomp: /proc/self/status | cut -f2").Said.Trim());
        // Another user namespace, and the way into one.
        Assert.NotEqual(0, Run("unshare --user true").Code);
        Assert.NotEqual(0, Run("nsenter --user=/proc/self/ns/user true").Code);
        Assert.SkipUnless(File.Exists("/usr/bin/perl"), "Perl, by which sockets are tried, is not installed.");
        // Refused as not supported (97): the internet's addresses, the kernel's own, virtual machines'. Allowed: within the cage.
        Assert.Equal("97 97 97 0", Run("/usr/bin/perl -e 'print join q( ), map { socket(my $s, $_, 1, 0) ? 0 : $!+0 } 2, 16, 40, 1'").Said);
        // keyctl (get the session's keyring), bpf, io_uring_setup, perf_event_open: not permitted (1).
        var numbers = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? "250, 321, 425, 298" : "219, 280, 425, 241";
        Assert.Equal("1 1 1 1", Run($"/usr/bin/perl -e 'print join q( ), map {{ syscall($_, 0, 0, 0, 0, 0) < 0 ? $!+0 : 0 }} {numbers}'").Said);
    }

    [Fact]
    public void Hard_limits_hold()
    {
        Assert.SkipWhen(Cage.Closest < CageKind.Limits, Cage.Words(Cage.Closest));
        Assert.NotEqual(0, Run("x=$(head -c 300000000 /dev/zero | tr '\\0' x); echo all of it", new CageLimits(100_000_000)).Code);
        Assert.Equal("0", Limit("core"));
        Assert.Equal($"{CageLimits.MostFileBytes}", Limit("fsize"));
        NeedsFiles();
        Assert.Equal($"{CageLimits.MostProcesses}", Limit("nproc"));

        string Limit(string what) => Run($"prlimit --noheadings --raw --output HARD --{what}").Said.Trim();
    }

    [Fact]
    public async Task The_parent_s_passwords_do_not_come_along()
    {
        const string Secret = "ConnectionStrings__Postgres";
        Environment.SetEnvironmentVariable(Secret, "Password=secret");
        try
        {
            await using var host = new SynthesisHostProcess(new() { FileName = "/bin/sh", Arguments = ["-c", $"echo \"[${Secret}]\" >&2; env | grep -c secret >&2; exit 3"] });
            var error = await Assert.ThrowsAsync<SynthesisException>(() => host.CallAsync<PreparedPicture>(new PreparePicture("a", "b", null, null)));
            Assert.Contains("its last words: [] | 0; it is started anew", error.Message);
            Assert.Equal((SynthesisFault.HostEnded, "[]\n0"), (error.Fault, error.LastWords));
        }
        finally
        {
            Environment.SetEnvironmentVariable(Secret, null);
        }
    }

    [Fact]
    public async Task What_runs_in_it_ends_with_it()
    {
        NeedsFiles();
        var (file, arguments) = Around($"echo begun >> {Folder("out")}/beat; echo begun; while true; do echo x >> {Folder("out")}/beat; done", new(null));
        using var cage = Process.Start(new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true })!;
        Assert.Equal("begun", await cage.StandardOutput.ReadLineAsync());
        cage.Kill();
        await cage.WaitForExitAsync();
        // The pipe ends when the last process that holds it has ended.
        Assert.Equal("", await cage.StandardOutput.ReadToEndAsync());
        var length = new FileInfo(Path.Combine(Folder("out"), "beat")).Length;
        await Task.Delay(20);
        Assert.Equal(length, new FileInfo(Path.Combine(Folder("out"), "beat")).Length);
    }

    [Fact]
    public async Task Its_temporary_files_go_with_it()
    {
        string temporary;
        await using (var host = new SynthesisHostProcess(new() { FileName = "/bin/sh", Arguments = ["-c", "echo scratch > $TMPDIR/x; echo $TMPDIR >&2; exit 3"] }))
        {
            temporary = (await Assert.ThrowsAsync<SynthesisException>(() => host.CallAsync<PreparedPicture>(new PreparePicture("a", "b", null, null)))).LastWords;
            Assert.True(File.Exists(Path.Combine(temporary, "x")));
        }
        Assert.False(Path.Exists(temporary));
    }

    [Fact]
    public async Task A_host_in_the_closest_cage_does_its_work_and_says_what_it_may_not()
    {
        var input = TestPictures.Write(folder, "given/in.png", 40, 30, 1);
        var options = new SynthesisHostOptions { Cage = new() { Readable = [Folder("given")], Writable = [Folder("out")], Graphics = false } };
        await using var host = new SynthesisHostProcess(options);
        var prepared = await host.CallAsync<PreparedPicture>(new PreparePicture(input, Path.Combine(Folder("out"), "o.png"), 16, 16));
        Assert.Equal((16, 16), (prepared.Width, prepared.Height));
        NeedsFiles();
        var refused = await Assert.ThrowsAsync<SynthesisException>(() => host.CallAsync<PreparedPicture>(new PreparePicture(input, Path.Combine(Folder("given"), "o.png"), 16, 16)));
        Assert.Contains("cannot be written", refused.Message);
        Assert.Equal(SynthesisFault.Machine, refused.Fault);
    }

    /// <summary>The same bytes come out of every cage that works here. <c>CAGE_ROUNDS=20</c> makes it long, and prints what a cage costs: docs/evidence.md.</summary>
    [Fact]
    public async Task A_metamer_is_the_same_in_every_cage()
    {
        var rounds = int.TryParse(Environment.GetEnvironmentVariable("CAGE_ROUNDS"), out var asked) ? asked : 1;
        CageKind[] kinds = [.. Enum.GetValues<CageKind>().Where(k => k <= Cage.Closest)];
        var (starts, syntheses, bytes) = (kinds.ToDictionary(k => k, _ => new List<double>()), kinds.ToDictionary(k => k, _ => new List<double>()), new HashSet<string>());
        var demo = Path.Combine(Repository.Root, "demo");
        var (model, picture) = (Path.Combine(demo, "models", "robust.onnx"), Path.Combine(demo, "pictures", "dog", "dog-1.png"));
        var pipeline = PicturePipelineFile.Read(Path.Combine(demo, "models", "pipeline.json"));
        for (var round = 0; round < rounds; round++)
        {
            // In turns, so that whatever else the machine does meets all of them.
            foreach (var kind in kinds)
            {
                await using var host = new SynthesisHostProcess(new() { Cage = new() { Kind = kind, Readable = [demo], Writable = [Folder("out")], Graphics = false }, Threads = 1 });
                var watch = Stopwatch.StartNew();
                await host.CallAsync<PreparedPicture>(new PreparePicture(picture, Path.Combine(Folder("out"), "o.png"), 16, 16));
                starts[kind].Add(watch.Elapsed.TotalSeconds);
                watch.Restart();
                await host.CallAsync<MetamerResult>(new SynthesizeMetamer(model, pipeline, picture, "relu4", Path.Combine(Folder("out"), "m.png"), "fast", rounds == 1 ? 20 : 300));
                syntheses[kind].Add(watch.Elapsed.TotalSeconds);
                bytes.Add(Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(Folder("out"), "m.png")))));
            }
        }
        foreach (var kind in kinds)
            TestContext.Current.TestOutputHelper?.WriteLine(FormattableString.Invariant($"{kind}: start {Median(starts[kind]):0.000} s, metamer {Median(syntheses[kind]):0.000} s, median of {rounds}"));
        Assert.Single(bytes);

        static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
    }

    [Fact]
    public void A_cage_that_there_is_not_is_named()
    {
        Assert.Null(Cage.Named("auto"));
        Assert.Equal(CageKind.Open, Cage.Named("open"));
        Assert.Equal("The setting Worker:Cage is iron; take auto, files, network, limits or open.", Assert.Throws<SynthesisException>(() => Cage.Named("iron")).Message);
    }

    private static void NeedsFiles() => Assert.SkipWhen(Cage.Closest < CageKind.Files, $"bubblewrap is not installed, or user namespaces are not allowed here: {Cage.Words(Cage.Closest)}");

    private string Folder(string name) => Directory.CreateDirectory(folder[name]).FullName;

    private (string File, string[] Arguments) Around(string script, CageLimits limits)
    {
        var options = new CageOptions { Readable = [Folder("given")], Writable = [Folder("out")], Graphics = false };
        return Cage.Around(options, limits, Folder("temporary"), "/bin/sh", ["-c", script]);
    }

    private (int Code, string Said) Run(string script, CageLimits? limits = null)
    {
        var (file, arguments) = Around(script, limits ?? new(null));
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["TMPDIR"] = Folder("temporary");
        using var process = Process.Start(start)!;
        var said = process.StandardOutput.ReadToEnd();
        process.StandardError.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, said);
    }
}
