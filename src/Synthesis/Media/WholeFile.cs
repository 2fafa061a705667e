using System.Security.Cryptography;
using PerceptionStudy.Synthesis.Hosting;

namespace PerceptionStudy.Synthesis.Media;

/// <summary>Files that appear whole or not at all, and their hashes.</summary>
public static class WholeFile
{
    /// <summary>Writes beside the target and moves it there, so that nobody ever reads half a file. Makes the folder if need be.</summary>
    /// <param name="path">The target.</param>
    /// <param name="bytes">Its content.</param>
    public static void Write(string path, ReadOnlySpan<byte> bytes)
    {
        var full = Path.GetFullPath(path);
        var beside = full + ".part";
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            File.WriteAllBytes(beside, bytes);
            File.Move(beside, full, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Forget(beside);
            throw new SynthesisException($"{path} cannot be written: {e.Message}", e) { Fault = SynthesisFault.Machine };
        }
    }

    private static void Forget(string half)
    {
        try
        {
            File.Delete(half);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The folder itself is out of reach; what made the writing fail is what to tell.
        }
    }

    /// <summary>Hash of a file, lower-case hexadecimal.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="SynthesisException">There is no such file.</exception>
    public static string Sha256(string path)
    {
        if (!File.Exists(path))
            throw new SynthesisException($"There is no file {path}.");
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
