using PerceptionStudy.Synthesis.Media;

namespace PerceptionStudy.Synthesis.Tests.Media;

public sealed class WavFileTests : IDisposable
{
    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Every_kind_of_sample_is_read()
    {
        Read(new Wav { Bits = 8 }, [0, 128, 255], -1, 0, 127 / 128f);
        Read(new Wav(), Wav.Shorts(short.MinValue, 0, 1, short.MaxValue), -1, 0, 1 / 32768f, 32767 / 32768f);
        Read(new Wav { Bits = 24 }, [0, 0, 0x80, 1, 0, 0, 0xFF, 0xFF, 0x7F], -1, 1 / 8388608f, 8388607 / 8388608f);
        Read(new Wav { Bits = 32 }, [0, 0, 0, 0x80, 0, 0, 0, 0x40], -1, 0.5f);
        Read(new Wav { Tag = 3, Bits = 32 }, Wav.Floats(-1.5f, 0.25f), -1.5f, 0.25f);
        Read(new Wav { Tag = 3, Bits = 64 }, [.. BitConverter.GetBytes(0.125)], 0.125f);
        Read(new Wav { Extensible = true, Bits = 24 }, [0, 0, 0x40], 0.5f);
        Read(new Wav { Extensible = true, Tag = 3, Bits = 32 }, Wav.Floats(0.5f), 0.5f);
    }

    [Fact]
    public void Channels_are_averaged()
    {
        Read(new Wav { Channels = 2 }, Wav.Shorts(16384, 0, -16384, 16384), 0.25f, 0);
        Read(new Wav { Channels = 6 }, Wav.Shorts(6144, 0, 0, 0, 0, 0), 1 / 32f);
    }

    [Fact]
    public void What_is_written_is_read_again_to_half_a_step()
    {
        float[] values = [-1, -0.3f, 0, 1e-5f, 0.7f, 0.9999f];
        WavFile.Write(new(20_000, values), folder["w.wav"]);
        var read = SoundFile.Read(folder["w.wav"]);
        Assert.Equal(20_000, read.RateHz);
        Assert.All(values.Zip(read.Samples), p => Assert.Equal(p.First, p.Second, 0.51 / 32768));
        // Once more loses nothing.
        WavFile.Write(read, folder["again.wav"]);
        Assert.Equal(File.ReadAllBytes(folder["w.wav"]), File.ReadAllBytes(folder["again.wav"]));
        Assert.Equal(44 + 2 * values.Length, new FileInfo(folder["w.wav"]).Length);
    }

    private void Read(Wav kind, byte[] data, params float[] expected)
    {
        File.WriteAllBytes(folder["k.wav"], kind.Bytes(data));
        Assert.Equal(expected, SoundFile.Read(folder["k.wav"]).Samples);
    }
}
