using System.Buffers.Binary;
using PerceptionStudy.Server.Stimuli;
using PerceptionStudy.Synthesis.Media;
using Stimulus = PerceptionStudy.Server.Stimuli.Stimulus;

namespace PerceptionStudy.Server.Commands.Demo;

/// <summary>The rows of the demo's files: what an upload would have found out about them in a synthesis host. These files are the program's own.</summary>
internal static class DemoFacts
{
    public static Stimulus RowOf(StimulusSet set, DemoStimulus file, DateTimeOffset now)
    {
        var stimulus = new Stimulus
        {
            Id = Guid.CreateVersion7(), SetId = set.Id, Name = file.Name, Category = file.Category, Sha256 = file.Sha256, MediaType = set.Medium == StimulusMedium.Sound ? "audio/wav" : "image/png", CreatedAt = now,
        };
        if (set.Medium == StimulusMedium.Sound) stimulus.Sound = SoundOf(file);
        else (stimulus.Width, stimulus.Height) = SizeOf(file.Path);
        return stimulus;
    }

    // The size of a PNG is in its first bytes.
    private static (int Width, int Height) SizeOf(string path)
    {
        Span<byte> header = stackalloc byte[24];
        using var file = File.OpenRead(path);
        file.ReadExactly(header);
        return (BinaryPrimitives.ReadInt32BigEndian(header[16..]), BinaryPrimitives.ReadInt32BigEndian(header[20..]));
    }

    private static SoundFacts SoundOf(DemoStimulus file)
    {
        var sound = WavFile.Read(File.ReadAllBytes(file.Path), file.Name);
        return new SoundFacts { RateHz = sound.RateHz, Samples = sound.Samples.Length, RmsLevel = sound.Rms, PeakLevel = sound.Peak, LoudnessLufs = Loudness.Of(sound) };
    }
}
