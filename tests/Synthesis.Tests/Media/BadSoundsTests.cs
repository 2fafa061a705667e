using PerceptionStudy.Synthesis.Hosting;
using PerceptionStudy.Synthesis.Media;

namespace PerceptionStudy.Synthesis.Tests.Media;

/// <summary>Each bad sound gets one sentence that names the file and says why, and leaves nothing behind.</summary>
public sealed class BadSoundsTests : IDisposable
{
    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void An_empty_file() => Refused([], "the file is empty");

    [Fact]
    public void No_samples() => Refused(new Wav().Bytes([]), "it holds no sound");

    [Fact]
    public void A_whole_day() =>
        // 4,000 Hz and 8 bits: 24 h would be 346 MB; eleven minutes are refused alike.
        Refused(new Wav { RateHz = 4_000, Bits = 8 }.Bytes(new byte[660 * 4_000]), "it lasts longer than the 10 minutes that can be opened");

    [Fact]
    public void A_rate_of_1_Hz() => Refused(new Wav { RateHz = 1 }.Bytes(Wav.Shorts(1, 2)), "its sampling rate is 1 Hz; 4,000 to 384,000 can be used");

    [Fact]
    public void Samples_that_are_no_numbers() =>
        Refused(new Wav { Tag = 3, Bits = 32 }.Bytes(Wav.Floats(0.1f, float.NaN)), "sample 2 is not a finite number");

    [Fact]
    public void An_infinite_sample() =>
        Refused(new Wav { Tag = 3, Bits = 32 }.Bytes(Wav.Floats(float.PositiveInfinity)), "sample 1 is not a finite number");

    [Fact]
    public void Thirty_two_channels() => Refused(new Wav { Channels = 32 }.Bytes(new byte[128]), "it has 32 channels; 1 to 8 can be used, so mix it down first");

    [Fact]
    public void A_compressed_WAV() => Refused(new Wav { Tag = 17, Bits = 4 }.Bytes(new byte[8]), "its samples are of kind 17 with 4 bits; save it as 16-, 24- or 32-bit PCM or 32-bit float");

    [Fact]
    public void Cut_off_in_the_middle() =>
        Refused(new Wav().Bytes(new byte[400])[..^100], "its header speaks of 400 bytes of sound, but 300 follow; the file is cut off or its header is wrong");

    [Fact]
    public void A_header_that_lies() =>
        Refused(new Wav { Claimed = uint.MaxValue }.Bytes(new byte[400]), "its header speaks of 4,294,967,295 bytes of sound, but 400 follow; the file is cut off or its header is wrong");

    [Fact]
    public void Half_a_sample() => Refused(new Wav().Bytes(new byte[401]), "its last sample is cut off");

    [Fact]
    public void Only_a_beginning() => Refused([.. "RIFF"u8, 0, 0, 0, 0, .. "WAVE"u8], "it does not say what its sound is like");

    [Fact]
    public void Silence() => Refused(new Wav().Bytes(new byte[4_000]), "it is silent, so that its level cannot be set");

    [Fact]
    public void A_constant() => Refused(new Wav().Bytes(Wav.Shorts([.. Enumerable.Repeat((short)9_000, 4_000)])), "the part of it that is kept is silent or constant, so that its level cannot be set");

    [Fact]
    public void A_picture_that_is_called_a_sound()
    {
        PictureFile.WritePng(TestPictures.Waves(8, 8, 1), folder["p.png"]);
        Refused(File.ReadAllBytes(folder["p.png"]), Ffmpeg.IsInstalled ? "ffmpeg finds no sound in it that it can decode"
            : "it is not a WAV file, and ffmpeg, which reads other formats, is not installed here; install ffmpeg or save it as WAV");
    }

    [Fact]
    public void No_file() =>
        Assert.Equal($"There is no file {folder["none.wav"]}.", Assert.Throws<SynthesisException>(() => SoundFile.Read(folder["none.wav"])).Message);

    [Theory]
    [InlineData(1, null, 0.1, "A sound's sampling rate must be 4,000 to 384,000 Hz.")]
    [InlineData(20_000, 0, 0.1, "A sound's length must be 1 sample to 10 minutes.")]
    [InlineData(20_000, 40_000, double.NaN, "A sound's level (RMS) must be above 0 and below 1, for example 0.1.")]
    public void A_form_that_makes_no_sense(int rateHz, int? samples, double rms, string message)
    {
        var request = new PrepareSound(folder["bad.wav"], folder["out.wav"], rateHz, samples, rms);
        Assert.Equal(message, Assert.Throws<SynthesisException>(() => SoundPreparation.Prepare(request)).Message);
    }

    private void Refused(byte[] file, string why)
    {
        File.WriteAllBytes(folder["bad.wav"], file);
        var refusal = Assert.Throws<SynthesisException>(() => SoundPreparation.Prepare(new(folder["bad.wav"], folder["out.wav"], Waveform: folder["w.png"])));
        Assert.Equal($"bad.wav is not a sound that can be read: {why}.", refusal.Message);
        Assert.False(File.Exists(folder["out.wav"]) || File.Exists(folder["w.png"]));
    }
}
