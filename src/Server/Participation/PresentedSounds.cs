using System.Collections.Concurrent;
using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Server.Studies.OnDemand;
using PerceptionStudy.Synthesis.FrontEnds;
using PerceptionStudy.Synthesis.Media;

namespace PerceptionStudy.Server.Participation;

/// <summary>
/// Sounds as participants get them: WAV of 16 bits and one channel with the samples of the prepared file, at the level that the study asks for, if it does, followed by silence to the
/// length of the study's longest sound. So all files of a study have the same length and begin with the same bytes, whatever is in them.
/// </summary>
public sealed class PresentedSounds(PresentedFolder folder, BlobStore blobs)
{
    private readonly ConcurrentDictionary<Guid, (int Samples, double? Rms)> forms = new();

    /// <summary>Path of a stimulus's sound.</summary>
    public async Task<string> OfStimulusAsync(StudyDb db, Guid versionId, string sha256, CancellationToken cancel = default)
    {
        var (samples, rms) = await FormAsync(db, versionId, cancel);
        var form = rms is { } level ? FormattableString.Invariant($"{samples}-{level}") : $"{samples}";
        return await folder.MakeAsync($"sounds/{form}/{sha256[..2]}/{sha256}", async () =>
        {
            var kept = WavFile.Read(await File.ReadAllBytesAsync(await blobs.FetchAsync(sha256, cancel), cancel), sha256);
            return Encode(rms is { } level ? SoundLevel.At(kept, level).Sound : kept, samples);
        });
    }

    /// <summary>Length of all sounds of a version in samples, that of its longest, there or still to be made, and their level; null where each keeps its own.</summary>
    private async Task<(int Samples, double? Rms)> FormAsync(StudyDb db, Guid versionId, CancellationToken cancel)
    {
        if (forms.TryGetValue(versionId, out var known)) return known;
        var design = (await db.StudyVersions.IgnoreQueryFilters().AsNoTracking().FirstAsync(v => v.Id == versionId, cancel)).Design;
        var shown = StudyFreeze.StimuliOf(design);
        var made = (await OnDemandModels.PipelinesAsync(db, design.OnDemand, cancel)).OfType<SoundPipeline>().Select(p => p.Samples).DefaultIfEmpty(0).Max();
        var there = await db.Stimuli.Where(s => shown.Contains(s.Id) && s.Sound != null).MaxAsync(s => s.Sound!.Samples, cancel);
        return forms.GetOrAdd(versionId, (Math.Max(made, there), design.Sound.Rms));
    }

    private static byte[] Encode(Sound sound, int samples)
    {
        var padded = new float[samples];
        sound.Samples.CopyTo(padded, 0);
        return WavFile.Encode(new Sound(sound.RateHz, padded));
    }
}
