using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Studies;

/// <summary>
/// A published version as a zip, for a registry or for another laboratory: <c>study.json</c> is what was frozen, byte for byte; <c>index.html</c> says the same
/// to people; <c>SHA256SUMS</c> proves both. For a replication the stimuli come with it, and the models' answers; models by their hash, people not at all.
/// </summary>
public sealed class StudyBundle(IDbContextFactory<StudyDb> databases, BlobStore blobs, IServiceProvider services, ILoggerFactory logs)
{
    internal const string FreezeFile = "study.json", PageFile = "index.html", SumsFile = "SHA256SUMS", MaterialFile = "material.json", StimulusFolder = "stimuli/";

    /// <summary>The design as people read it and as it was frozen, with checksums: to be registered before the first participant.</summary>
    /// <exception cref="RefusedException">There is no such version.</exception>
    public Task WritePreregistrationAsync(Guid studyId, int number, Stream target, CancellationToken cancel = default) => WriteAsync(studyId, number, withStimuli: false, target, cancel);

    /// <summary>The same with everything that another installation needs to run it.</summary>
    /// <exception cref="RefusedException">There is no such version.</exception>
    public Task WriteReplicationAsync(Guid studyId, int number, Stream target, CancellationToken cancel = default) => WriteAsync(studyId, number, withStimuli: true, target, cancel);

    private async Task WriteAsync(Guid studyId, int number, bool withStimuli, Stream target, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var version = await db.StudyVersions.AsNoTracking().FirstOrDefaultAsync(v => v.StudyId == studyId && v.Number == number && v.FreezeJson != "", cancel)
            ?? throw new RefusedException("There is no such published version: go back to the design page.");
        var freeze = JsonSerializer.Deserialize<StudyFreeze>(version.FreezeJson, JsonSerializerOptions.Web)!;
        using var zip = new ZipArchive(target, ZipArchiveMode.Create, leaveOpen: true);
        var sums = new StringBuilder();

        await AddAsync(FreezeFile, new MemoryStream(Encoding.UTF8.GetBytes(version.FreezeJson)));
        await AddAsync(PageFile, new MemoryStream(Encoding.UTF8.GetBytes(await PageAsync(version, freeze, withStimuli))));
        if (withStimuli)
        {
            var material = await BundleMaterial.LoadAsync(db, freeze, cancel);
            await AddAsync(MaterialFile, new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(material, BundleMaterial.Json)));
            foreach (var sha256 in freeze.Stimuli.Select(s => s.Sha256).Distinct())
            {
                await using var file = File.OpenRead(await blobs.FetchAsync(sha256, cancel));
                await AddAsync($"{StimulusFolder}{sha256}", file);
            }
        }
        await using var entry = zip.CreateEntry(SumsFile).Open();
        await entry.WriteAsync(Encoding.UTF8.GetBytes(sums.ToString()), cancel);

        async Task AddAsync(string name, Stream content)
        {
            // Pictures are compressed already.
            await using var to = zip.CreateEntry(name, name.StartsWith(StimulusFolder, StringComparison.Ordinal) ? CompressionLevel.NoCompression : CompressionLevel.Optimal).Open();
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            var buffer = new byte[81920];
            int read;
            while ((read = await content.ReadAsync(buffer, cancel)) > 0)
            {
                hash.AppendData(buffer, 0, read);
                await to.WriteAsync(buffer.AsMemory(0, read), cancel);
            }
            sums.Append(Convert.ToHexStringLower(hash.GetHashAndReset())).Append("  ").Append(name).Append('\n');
        }
    }

    private async Task<string> PageAsync(StudyVersion version, StudyFreeze freeze, bool withStimuli)
    {
        await using var renderer = new HtmlRenderer(services, logs);
        return await renderer.Dispatcher.InvokeAsync(async () => (await renderer.RenderComponentAsync<FreezeReport>(ParameterView.FromDictionary(new Dictionary<string, object?>
        {
            [nameof(FreezeReport.Version)] = version, [nameof(FreezeReport.Freeze)] = freeze, [nameof(FreezeReport.WithStimuli)] = withStimuli,
        }))).ToHtmlString());
    }
}
