using FFMpegCore;
using FFMpegCore.Enums;
using FFMpegCore.Exceptions;
using PerceptionStudy.Synthesis.Hosting;

namespace PerceptionStudy.Synthesis.Media;

/// <summary>Formats other than WAV, decoded by the ffmpeg program where it is installed.</summary>
internal static class Ffmpeg
{
    /// <summary>Whether the program can be found.</summary>
    public static bool IsInstalled => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Any(folder => File.Exists(Path.Combine(folder, OperatingSystem.IsWindows() ? "ffmpeg.exe" : "ffmpeg")));

    /// <summary>Decodes the first audio stream of a file.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="SynthesisException">ffmpeg is not there, or finds no sound in the file.</exception>
    public static Sound Read(string path)
    {
        var name = Path.GetFileName(path);
        if (!IsInstalled)
            throw SoundFile.Unreadable(name, "it is not a WAV file, and ffmpeg, which reads other formats, is not installed here; install ffmpeg or save it as WAV");
        var folder = Directory.CreateTempSubdirectory("sound-");
        try
        {
            // Under plain names, whatever the file is called. From the file only: a playlist could name addresses.
            var (input, output) = (Path.Combine(folder.FullName, "input"), Path.Combine(folder.FullName, "output.wav"));
            File.Copy(path, input);
            FFMpegArguments.FromFileInput(input, verifyExists: true, o => o.WithCustomArgument("-protocol_whitelist file"))
                .OutputToFile(output, overwrite: true, o => o.WithCustomArgument("-map 0:a:0 -bitexact").WithAudioCodec("pcm_f32le").WithDuration(TimeSpan.FromSeconds(SoundFile.MostSeconds + 1)).ForceFormat("wav"))
                .WithLogLevel(FFMpegLogLevel.Error)
                .ProcessSynchronously();
            return WavFile.Read(File.ReadAllBytes(output), name);
        }
        catch (FFMpegException e)
        {
            throw SoundFile.Unreadable(name, "ffmpeg finds no sound in it that it can decode", e);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
