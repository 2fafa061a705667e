using PerceptionStudy.Synthesis.Hosting;

namespace PerceptionStudy.Synthesis.Media;

/// <summary>Reads sounds of people's own making.</summary>
public static class SoundFile
{
    /// <summary>Longest sound that is opened: ten minutes.</summary>
    public const int MostSeconds = 600;

    /// <summary>Largest file that is opened: 512 MB.</summary>
    public const long MostBytes = 512_000_000;

    /// <summary>Reads WAV itself, and whatever else ffmpeg knows (FLAC, Ogg, Opus, MP3, M4A) where that is installed. The content decides, not the name.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The sound at the file's own rate, its channels averaged.</returns>
    /// <exception cref="SynthesisException">The file is absent, is no sound, is damaged, empty or too long, or ffmpeg is needed and not there.</exception>
    public static Sound Read(string path)
    {
        if (!File.Exists(path))
            throw new SynthesisException($"There is no file {path}.");
        var name = Path.GetFileName(path);
        switch (new FileInfo(path).Length)
        {
            case 0:
                throw Unreadable(name, "the file is empty");
            case > MostBytes:
                throw Unreadable(name, $"the file is larger than {MostBytes / 1_000_000} MB");
        }
        var bytes = File.ReadAllBytes(path);
        return WavFile.Begins(bytes) ? WavFile.Read(bytes, name) : Ffmpeg.Read(path);
    }

    internal static SynthesisException Unreadable(string name, string why, Exception? cause = null) => new($"{name} is not a sound that can be read: {why}.", cause);
}
