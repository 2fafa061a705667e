using PerceptionStudy.Synthesis.Hosting;
using PerceptionStudy.Synthesis.Media;

namespace PerceptionStudy.Synthesis.Tests.Media;

public sealed class SoundLevelTests
{
    private static readonly Sound Voice = new(20_000, TestSounds.Voice(10_000, 20_000, 3));

    [Theory]
    [InlineData(0.02)]
    [InlineData(0.1)]
    public void A_sound_that_fits_has_the_level(double rms)
    {
        var (sound, note) = SoundLevel.At(Voice, rms);
        Assert.Equal(rms, sound.Rms, 1e-6);
        Assert.Null(note);
        // Only its level has changed.
        Assert.Equal(1, Voice.Samples.Zip(sound.Samples, (a, b) => a * (double)b).Sum() / (Voice.Rms * sound.Rms * Voice.Samples.Length), 1e-6);
    }

    [Fact]
    public void A_sound_whose_peaks_do_not_fit_is_lowered_as_a_whole_and_that_is_said()
    {
        var (sound, note) = SoundLevel.At(Voice, 0.9);
        Assert.Equal(32767 / 32768.0, sound.Peak, 1e-6);
        Assert.Equal(SoundLevel.Highest(Voice.Rms, Voice.Peak), sound.Rms, 1e-6);
        Assert.StartsWith("The level was lowered from 0.9 to 0.", note, StringComparison.Ordinal);
    }

    [Fact]
    public void The_highest_level_of_all_is_one_at_which_all_fit()
    {
        Sound[] sounds = [.. Enumerable.Range(1, 5).Select(seed => new Sound(20_000, TestSounds.Voice(10_000, 20_000, seed)))];
        var common = sounds.Min(s => SoundLevel.Highest(s.Rms, s.Peak));
        Assert.All(sounds, s => Assert.Null(SoundLevel.At(s, common).Note));
        Assert.Contains(sounds, s => SoundLevel.At(s, 1.01 * common).Note is not null);
    }

    [Fact]
    public void Silence_stays_and_says_so() => Assert.NotNull(SoundLevel.At(new(20_000, new float[100]), 0.1).Note);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void A_level_out_of_range_is_refused(double rms) => Assert.Throws<ArgumentOutOfRangeException>(() => SoundLevel.At(Voice, rms));

    [Fact]
    public void A_finished_sound_is_read_without_a_change_and_never_clipped()
    {
        using var folder = new TestFolder();
        WavFile.Write(Voice, folder["a.wav"]);
        var read = SoundPreparation.Read(new ReadSound(folder["a.wav"], folder["b.wav"], folder["w.png"], folder["s.png"]));
        Assert.Equal(File.ReadAllBytes(folder["a.wav"]), File.ReadAllBytes(folder["b.wav"]));
        Assert.Equal(SoundFile.Read(folder["b.wav"]).Rms, read.Rms);
        Assert.True(File.Exists(folder["w.png"]) && File.Exists(folder["s.png"]));
        File.WriteAllBytes(folder["loud.wav"], new Wav { Tag = 3, Bits = 32 }.Bytes(Wav.Floats(0.5f, 1.5f)));
        Assert.Contains("its samples reach 1.5, above full scale", Assert.Throws<SynthesisException>(() => SoundPreparation.Read(new ReadSound(folder["loud.wav"], folder["c.wav"]))).Message, StringComparison.Ordinal);
        Assert.False(File.Exists(folder["c.wav"]));
    }
}
