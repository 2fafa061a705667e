using System.Diagnostics;
using PerceptionStudy.Synthesis.Media;

namespace PerceptionStudy.Synthesis.Tests.Media;

public sealed class SoundPreparationTests : IDisposable
{
    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(30_000)] // shorter than wanted
    [InlineData(90_000)] // longer
    [InlineData(40_000)]
    public void Mean_level_length_and_ends_are_as_wanted(int samples)
    {
        WavFile.Write(new(20_000, [.. TestSounds.Voice(samples, 20_000, 1).Select(v => 0.2f + 0.5f * v)]), folder["in.wav"]);
        var prepared = SoundPreparation.Prepare(new(folder["in.wav"], folder["out.wav"], 20_000, 40_000));
        var sound = SoundFile.Read(folder["out.wav"]);
        Assert.Equal((20_000, 40_000), (sound.RateHz, sound.Samples.Length));
        Assert.Equal((prepared.RateHz, prepared.Samples), (sound.RateHz, sound.Samples.Length));
        Assert.Equal(0, sound.Samples.Average(v => (double)v), 1e-5);
        Assert.Equal(0.1, sound.Rms, 1e-4);
        Assert.Equal(0.1, prepared.Rms, 1e-4);
        Assert.Equal(sound.Peak, prepared.Peak, 1e-4);
        Assert.Null(prepared.Note);
        Assert.Equal(0f, sound.Samples[0]);
        Assert.Equal(0f, sound.Samples[^1]);
        Assert.InRange(sound.Samples.TakeWhile(v => v == 0).Count(), samples < 40_000 ? 5_000 : 1, samples < 40_000 ? 5_020 : 20); // A shorter one stands in the middle.
    }

    [Fact]
    public void The_middle_of_a_longer_one_is_kept_and_faded_within_ten_milliseconds()
    {
        // A ramp of amplitudes tells where the middle is.
        float[] tone = [.. Enumerable.Range(0, 60_000).Select(i => (float)(i / 60_000.0 * Math.Sin(0.5 * i)))];
        var (kept, _) = SoundPreparation.Prepared(new(20_000, tone), 20_000, 20_000, 0.1, "t");
        var scale = kept.Samples[10_000] / tone[30_000];
        for (var i = 200; i < 19_800; i++)
            Assert.Equal(scale * tone[20_000 + i], kept.Samples[i], 1e-3);
        Assert.Equal(0.5 * scale * tone[20_100], kept.Samples[100], 2e-3); // Halfway up.
    }

    [Fact]
    public void Single_peaks_lower_the_level_as_a_whole_and_it_is_said()
    {
        var click = new float[20_000];
        (click[5_000], click[9_000]) = (0.9f, -0.9f);
        WavFile.Write(new(20_000, click), folder["in.wav"]);
        var prepared = SoundPreparation.Prepare(new(folder["in.wav"], folder["out.wav"]));
        Assert.Equal(1, prepared.Peak, 1e-4);
        Assert.Equal(0.01, prepared.Rms, 1e-4);
        Assert.Equal("The level was lowered from 0.1 to 0.01 (RMS), because single peaks would not fit into full scale otherwise.", prepared.Note);
        var saved = SoundFile.Read(folder["out.wav"]).Samples;
        Assert.Equal(-saved[5_000], saved[9_000], 1e-4); // Nothing was cut.
    }

    [Fact]
    public void Thumbnails_show_when_and_how_high_a_sound_is()
    {
        // A second of silence, then a tone at a quarter of the rate.
        float[] late = [.. Enumerable.Range(0, 40_000).Select(i => i < 20_000 ? 0 : (float)(0.5 * Math.Sin(Math.PI / 2 * i)))];
        WavFile.Write(new(20_000, late), folder["in.wav"]);
        SoundPreparation.Prepare(new(folder["in.wav"], folder["out.wav"], Waveform: folder["w.png"], Spectrogram: folder["s.png"]));
        Picture waveform = PictureFile.Read(folder["w.png"]), spectrogram = PictureFile.Read(folder["s.png"]);
        double Dark(Picture picture, Func<int, int, bool> where) => Enumerable.Range(0, picture.Width * picture.Height).Where(i => where(i % picture.Width, i / picture.Width)).Average(i => 255.0 - picture.Pixels[3 * i]);
        var half = waveform.Width / 2;
        Assert.True(Dark(waveform, (x, _) => x > half + 4) > 10 * Dark(waveform, (x, _) => x < half - 4));
        var row = spectrogram.Height / 2;
        Assert.True(Dark(spectrogram, (x, y) => x > half + 10 && (y == row || y == row - 1)) > 200);
        Assert.True(Dark(spectrogram, (x, y) => x < half - 10) < 10);
        Assert.True(Dark(spectrogram, (x, y) => x > half + 10 && Math.Abs(y - row) > 20) < 60);
    }

    [Theory]
    [InlineData("flac", 1e-4)]
    [InlineData("ogg", 0.25)]
    [InlineData("mp3", 0.15)]
    public void Other_formats_come_by_ffmpeg(string ending, double tolerance)
    {
        Assert.SkipUnless(Ffmpeg.IsInstalled, "needs ffmpeg");
        var voice = TestSounds.Voice(44_100, 44_100, 3);
        WavFile.Write(new(44_100, voice), folder["in.wav"]);
        using (var encoding = Process.Start("ffmpeg", ["-v", "error", "-y", "-i", folder["in.wav"], folder["in." + ending]]))
            encoding.WaitForExit();
        var read = SoundFile.Read(folder["in." + ending]);
        Assert.Equal(44_100, read.RateHz);
        Assert.InRange(read.Samples.Length, 43_500, 44_100 + 4_000); // Frames of an encoder may be cut or filled up.
        // Encoders may begin with a little silence.
        var best = Enumerable.Range(0, Math.Min(2_500, read.Samples.Length - 40_000)).Min(shift => Math.Sqrt(Enumerable.Range(0, 40_000).Average(i => Math.Pow(read.Samples[i + shift] - voice[i], 2))));
        Assert.InRange(best / 0.1, 0, tolerance);
    }
}
