using System.Diagnostics;
using System.Globalization;
using PerceptionStudy.Synthesis.Media;

namespace PerceptionStudy.DemoAssets.Sounds;

/// <summary>Words spoken by the program espeak-ng: the same word, voice and version of it give the same samples.</summary>
public sealed class EspeakNg : IDisposable
{
    /// <summary>The version that made the demo.</summary>
    public const string Version = "1.51";

    // A word is at most so long, so that it fits between the ramps and can be moved a little.
    private const double LongestSeconds = 0.6;
    private const int FasterBy = 25;

    // What lies below this part of the peak at the ends is silence.
    private const float Silence = 0.02f;

    private readonly string file = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():n}.wav");

    /// <summary>A word at the pipeline's rate, without silence around it. A voice that takes too long speaks faster.</summary>
    public Sound Say(string word, Voice voice)
    {
        for (var rate = voice.WordsPerMinute; ; rate += FasterBy)
        {
            Speak(word, voice with { WordsPerMinute = rate });
            var spoken = Trimmed(WavFile.Read(File.ReadAllBytes(file), word));
            if (spoken.Seconds <= LongestSeconds) return Resampler.To(spoken, WordSound.Pipeline.RateHz);
        }
    }

    public void Dispose() => File.Delete(file);

    /// <summary>Warns on standard error where another version is installed: its voices may sound otherwise.</summary>
    public static void CheckVersion()
    {
        using var process = Process.Start(new ProcessStartInfo("espeak-ng", "--version") { RedirectStandardOutput = true })!;
        var said = process.StandardOutput.ReadToEnd().Trim();
        process.WaitForExit();
        if (!said.Contains($" {Version} ", StringComparison.Ordinal)) Console.Error.WriteLine($"The demo was made with espeak-ng {Version}; here is “{said}”, so sounds will differ.");
    }

    private void Speak(string word, Voice voice)
    {
        var (rate, pitch) = (voice.WordsPerMinute.ToString(CultureInfo.InvariantCulture), voice.Pitch.ToString(CultureInfo.InvariantCulture));
        using var process = Process.Start("espeak-ng", ["-v", $"{voice.Accent}+{voice.Variant}", "-s", rate, "-p", pitch, "-z", "-w", file, word + voice.Ending]);
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"espeak-ng could not say “{word}” in the voice {voice}.");
    }

    private static Sound Trimmed(Sound sound)
    {
        var threshold = Silence * sound.Peak;
        var first = Array.FindIndex(sound.Samples, v => Math.Abs(v) > threshold);
        var last = Array.FindLastIndex(sound.Samples, v => Math.Abs(v) > threshold);
        return sound with { Samples = sound.Samples[first..(last + 1)] };
    }
}
