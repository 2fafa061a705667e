using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Server.Studies.OnDemand;
using PerceptionStudy.Synthesis.FrontEnds;
using PerceptionStudy.Synthesis.Media;

namespace PerceptionStudy.Server.Participation;

/// <summary>
/// Pictures as participants get them: whatever is shown, natural stimulus, metamer or icon, comes as a PNG of one size in pixels without
/// compression and metadata, so that all files of a study have the same length and begin with the same bytes. They are made once from the
/// blobs, which are the program's own PNG files, and lie in the folder <c>presented</c>, which may be deleted at any time.
/// </summary>
public sealed class PresentedPictures(PresentedFolder folder, BlobStore blobs)
{
    private const int DefaultSidePx = 224;

    private readonly ConcurrentDictionary<Guid, int> sides = new();

    /// <summary>Path of a stimulus's picture.</summary>
    public async Task<string> OfStimulusAsync(StudyDb db, Guid versionId, string sha256, CancellationToken cancel = default)
    {
        var side = await SidePxAsync(db, versionId, cancel);
        return await MakeAsync($"{side}/{sha256[..2]}/{sha256}", async () => PictureFile.Read(await blobs.FetchAsync(sha256, cancel)).CentreSquare().Resize(side, side));
    }

    /// <summary>Path of the picture of a catch trial, the icon of a category.</summary>
    public async Task<string> OfIconAsync(StudyDb db, Guid versionId, string category, CancellationToken cancel = default)
    {
        var side = await SidePxAsync(db, versionId, cancel);
        var name = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(category)));
        return await MakeAsync($"{side}/icons/{name}", () => Task.FromResult(CategoryIcons.Draw(category, side)));
    }

    /// <summary>Side of all pictures of a version in pixels: that of its largest metamer, made or still to be made, so that natural stimuli are no sharper than metamers.</summary>
    public async Task<int> SidePxAsync(StudyDb db, Guid versionId, CancellationToken cancel = default)
    {
        if (sides.TryGetValue(versionId, out var known)) return known;
        var design = (await db.StudyVersions.IgnoreQueryFilters().AsNoTracking().FirstAsync(v => v.Id == versionId, cancel)).Design;
        var made = (await OnDemandModels.PipelinesAsync(db, design.OnDemand, cancel)).OfType<PicturePipeline>().Select(p => Math.Max(p.Width, p.Height)).DefaultIfEmpty(0).Max();
        var shown = design.Metamers.Length > 0 || made > 0 ? design.Metamers : design.NaturalStimuli;
        var widest = await db.Stimuli.Where(s => shown.Contains(s.Id)).MaxAsync(s => (int?)Math.Max(s.Width, s.Height), cancel);
        var side = Math.Max(made, widest ?? 0);
        return sides.GetOrAdd(versionId, side > 0 ? side : DefaultSidePx);
    }

    private Task<string> MakeAsync(string name, Func<Task<Picture>> picture) => folder.MakeAsync(name, async () => PlainPng.Encode(await picture()));
}
