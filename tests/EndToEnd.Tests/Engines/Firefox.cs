using System.Diagnostics;
using OpenQA.Selenium.BiDi;
using OpenQA.Selenium.BiDi.BrowsingContext;
using OpenQA.Selenium.BiDi.Input;
using OpenQA.Selenium.BiDi.Session;

namespace PerceptionStudy.EndToEnd.Tests.Engines;

/// <summary>Firefox without a window, with a profile of its own, over WebDriver BiDi; no driver stands in between.</summary>
public sealed class Firefox : Engine
{
    private static readonly string? Executable = ((string[])["/usr/bin/firefox-esr", "/usr/bin/firefox"]).FirstOrDefault(File.Exists);

    private static readonly string? PulseAudio = File.Exists("/usr/bin/pulseaudio") ? "/usr/bin/pulseaudio" : null;

    private Process? process, soundCard;
    private IBiDi? bidi;
    private BrowsingContext? window;

    /// <param name="isPrivate">Whether every window is a private one.</param>
    /// <param name="hasSoundCard">Whether there is a sound card; without one Firefox plays nothing.</param>
    public static async Task<Firefox> StartAsync(bool isPrivate = false, bool hasSoundCard = false)
    {
        Assert.SkipWhen(hasSoundCard && PulseAudio is null, "PulseAudio is not installed in /usr/bin.");
        Assert.SkipWhen(Executable is null, "Firefox is not installed in /usr/bin.");
        var firefox = new Firefox();
        await firefox.LaunchAsync(isPrivate, hasSoundCard);
        return firefox;
    }

    private async Task LaunchAsync(bool isPrivate, bool hasSoundCard)
    {
        var profile = Directory.CreateDirectory(Path.Combine(Folder, "profile")).FullName;
        await File.WriteAllLinesAsync(Path.Combine(profile, "user.js"), new Dictionary<string, string>
        {
            ["browser.privatebrowsing.autostart"] = isPrivate ? "true" : "false",
            // Nothing that the test does not ask for.
            ["app.update.auto"] = "false",
            ["browser.shell.checkDefaultBrowser"] = "false",
            ["datareporting.policy.dataSubmissionEnabled"] = "false",
            ["browser.aboutwelcome.enabled"] = "false",
        }.Select(setting => $"user_pref(\"{setting.Key}\", {setting.Value});"));

        var listening = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        const string Announcement = "WebDriver BiDi listening on ";
        process = Start(Executable!, ["--headless", "--no-remote", "--profile", profile, "--remote-debugging-port", "0", "--width", "1024", "--height", "700"], line =>
        {
            if (line.StartsWith(Announcement, StringComparison.Ordinal)) listening.TrySetResult(line[Announcement.Length..]);
        }, hasSoundCard ? [("PULSE_SERVER", await SoundCardAsync())] : []);
        bidi = await BiDi.ConnectAsync(new Uri($"{await listening.Task.WaitAsync(Browser.Patience)}/session"));
        await bidi.NewAsync(new CapabilitiesRequest());
        window = (await bidi.BrowsingContext.CreateAsync(ContextType.Tab)).Context;
    }

    /// <summary>Starts a sound card without a loudspeaker, which takes what is played at the pace of a real one, and gives its address.</summary>
    private async Task<string> SoundCardAsync()
    {
        var socket = Path.Combine(Folder, "sound-card");
        soundCard = Start(PulseAudio!, ["-n", "--daemonize=no", "--use-pid-file=no", "--exit-idle-time=-1", "--load=module-null-sink", $"--load=module-native-protocol-unix auth-anonymous=1 socket={socket}"], _ => { });
        for (var waited = Stopwatch.StartNew(); !File.Exists(socket); await Task.Delay(20))
            Assert.True(!soundCard.HasExited && waited.Elapsed < Browser.Patience, "PulseAudio did not start.");
        return $"unix:{socket}";
    }

    public override async Task OpenAsync(string address) => await window!.NavigateAsync(address, new() { Wait = ReadinessState.Complete });

    protected override async Task<string> RunAsync(string body) =>
        (await window!.Script.EvaluateAsync<string>($"(async () => {{ {body} }})()", awaitPromise: true))!;

    public override async Task PressAsync(char key) =>
        await window!.Input.PerformActionsAsync([new KeySourceActions("keyboard", [new KeyDownAction(key), new KeyUpAction(key)])]);

    protected override async Task ClickAsync(int x, int y) =>
        await window!.Input.PerformActionsAsync([new PointerSourceActions("mouse", [new PointerMoveAction(x, y), new PointerDownAction(0), new PointerUpAction(0)])]);

    public override async ValueTask DisposeAsync()
    {
        if (bidi is not null) await bidi.DisposeAsync();
        await EndAsync(process);
        await EndAsync(soundCard);
        await base.DisposeAsync();
    }
}
