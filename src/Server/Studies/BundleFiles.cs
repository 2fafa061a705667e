using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Studies;

/// <summary>Reads a bundle that somebody sent, with suspicion: only the names that a bundle has, nothing larger than it may be, everything against its checksum.</summary>
internal sealed class BundleFiles(ZipArchive zip)
{
    private const long LargestDocumentBytes = 256L << 20, LargestStimulusBytes = 64L << 20;

    private readonly Dictionary<string, string> sums = [];

    /// <exception cref="RefusedException">It is no bundle, is damaged, or comes from a later program.</exception>
    public async Task<(StudyFreeze Freeze, string FreezeJson, BundleMaterial Material)> ReadAsync(CancellationToken cancel)
    {
        if (zip.GetEntry(StudyBundle.FreezeFile) is null || zip.GetEntry(StudyBundle.SumsFile) is null)
            throw new RefusedException("This zip is no bundle of a study: it needs study.json and SHA256SUMS. Take the replication bundle from a study's design page.");
        if (zip.GetEntry(StudyBundle.MaterialFile) is null)
            throw new RefusedException("This is a preregistration without stimuli: ask for the replication bundle, which holds them.");
        foreach (var line in Encoding.UTF8.GetString(await BytesAsync(StudyBundle.SumsFile, LargestDocumentBytes, cancel)).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Split("  ", 2) is [{ Length: 64 } sha256, { Length: > 0 } name]) sums[name] = sha256;
        }
        var freezeBytes = await CheckedAsync(StudyBundle.FreezeFile, LargestDocumentBytes, cancel);
        try
        {
            var freeze = JsonSerializer.Deserialize<StudyFreeze>(freezeBytes, JsonSerializerOptions.Web)!;
            if (freeze.Format > StudyFreeze.CurrentFormat) throw new RefusedException($"The bundle was made by a later program ({freeze.Program}): update this one first.");
            var material = JsonSerializer.Deserialize<BundleMaterial>(await CheckedAsync(StudyBundle.MaterialFile, LargestDocumentBytes, cancel), BundleMaterial.Json)!;
            return (freeze, Encoding.UTF8.GetString(freezeBytes), material);
        }
        catch (JsonException problem)
        {
            throw new RefusedException($"A document of the bundle cannot be read: {problem.Message}", problem);
        }
    }

    /// <summary>Writes a stimulus to a path; its content is what its hash says.</summary>
    /// <exception cref="RefusedException">It is missing, damaged or too large.</exception>
    public async Task ExtractAsync(string sha256, string path, CancellationToken cancel)
    {
        var bytes = await BytesAsync(StudyBundle.StimulusFolder + sha256, LargestStimulusBytes, cancel);
        if (Convert.ToHexStringLower(SHA256.HashData(bytes)) != sha256) throw Damaged(StudyBundle.StimulusFolder + sha256);
        await File.WriteAllBytesAsync(path, bytes, cancel);
    }

    private async Task<byte[]> CheckedAsync(string name, long largest, CancellationToken cancel)
    {
        var bytes = await BytesAsync(name, largest, cancel);
        return sums.GetValueOrDefault(name) == Convert.ToHexStringLower(SHA256.HashData(bytes)) ? bytes : throw Damaged(name);
    }

    private async Task<byte[]> BytesAsync(string name, long largest, CancellationToken cancel)
    {
        var entry = zip.GetEntry(name) ?? throw new RefusedException($"The bundle lacks {name}: it was not copied whole. Ask for it again.");
        await using var content = entry.Open();
        using var bytes = new MemoryStream();
        var buffer = new byte[81920];
        int read;
        // Counted while it is unpacked: what a zip says of its sizes need not be true.
        while ((read = await content.ReadAsync(buffer, cancel)) > 0)
        {
            if (bytes.Length + read > largest) throw new RefusedException($"{name} of the bundle is larger than {largest >> 20} MB: no study needs that.");
            bytes.Write(buffer, 0, read);
        }
        return bytes.ToArray();
    }

    private static RefusedException Damaged(string name) => new($"{name} of the bundle is not what its checksum says: it was changed or damaged on the way. Ask for it again.");
}
