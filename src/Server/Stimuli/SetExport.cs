using System.Globalization;
using System.IO.Compression;
using System.Text;
using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Stimuli;

/// <summary>
/// A set as a zip: its pictures or sounds in folders by category (metamers by model and stage, with the natural stimuli they come from), a CSV with what is
/// known of each and its hash, and the licence. Another installation takes it in again.
/// </summary>
public sealed class SetExport(IDbContextFactory<StudyDb> databases, BlobStore blobs, DataFolder data)
{
    private static readonly string[] Columns =
    [
        "file", "category", "name", "sha256", "width", "height", "rate_hz", "samples", "rms_level", "peak_level", "loudness_lufs", "licence", "source", "natural", "model", "stage", "loss_level", "preset", "seed", "gradient_evaluations", "loss_of_saved_file",
        "spearman", "pearson", "paper_snr_db", "natural_class", "metamer_class", "meets_criteria", "reasons", "rejected_because",
    ];

    /// <summary>Writes the zip to a file that goes when the stream is closed; null if there is no such set.</summary>
    public async Task<(Stream Content, string FileName)?> WriteAsync(Guid setId, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (await db.StimulusSets.AsNoTracking().FirstOrDefaultAsync(s => s.Id == setId, cancel) is not { } set) return null;
        var stimuli = await db.Stimuli.AsNoTracking().Include(s => s.Metamer).Where(s => s.SetId == setId).OrderBy(s => s.Category).ThenBy(s => s.Name).ThenBy(s => s.Id).ToListAsync(cancel);
        var stages = await db.Stages.Join(db.Models, s => s.ModelId, m => m.Id, (s, m) => new { s.Id, Name = new StageName(m.Name, s.Name) }).ToDictionaryAsync(s => s.Id, s => s.Name, cancel);
        var naturals = await db.Metamers.Where(m => db.Stimuli.Any(s => s.SetId == setId && s.Id == m.StimulusId)).Select(m => m.NaturalStimulusId).Distinct()
            .Join(db.Stimuli.AsNoTracking(), id => id, s => s.Id, (_, s) => s).ToDictionaryAsync(s => s.Id, cancel);

        var file = new FileStream(data.NewTemporaryPath(".zip"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 81920, FileOptions.DeleteOnClose | FileOptions.Asynchronous);
        try
        {
            await using (var zip = await ZipArchive.CreateAsync(file, ZipArchiveMode.Create, leaveOpen: true, Encoding.UTF8, cancel))
            {
                var (paths, ending) = (new Paths(), StimulusFormats.EndingOf(set.Medium));
                var naturalPaths = naturals.Values.OrderBy(n => n.Id).ToDictionary(n => n.Id, n => paths.Free($"naturals/{Part(n.Category)}/{Part(n.Name)}{ending}"));
                var rows = new List<object?[]>();
                foreach (var stimulus in stimuli)
                {
                    var path = paths.Free(stimulus.Metamer is { } m
                        ? $"metamers/{Part(stages[m.StageId].Model)}/{Part(stages[m.StageId].Stage)}/{Part(stimulus.Category)}/{Part(stimulus.Name)}_seed{m.Seed}{(m.LossLevel == 0 ? "" : FormattableString.Invariant($"_loss{m.LossLevel}"))}{ending}"
                        : $"{Part(stimulus.Category)}/{Part(stimulus.Name)}{ending}");
                    await AddAsync(zip, path, stimulus.Sha256, cancel);
                    rows.Add(Row(path, stimulus, set, stages, naturalPaths));
                }
                foreach (var (id, path) in naturalPaths)
                {
                    await AddAsync(zip, path, naturals[id].Sha256, cancel);
                    rows.Add(Row(path, naturals[id], set, stages, naturalPaths));
                }
                var list = $"{set.Medium.Many()}.csv";
                await TextAsync(zip, list, CsvText.Of(Columns, rows), cancel);
                await TextAsync(zip, "LICENCE.txt", $"{set.Name}\nLicence: {set.Licence ?? "not given"}\nSource: {set.Source ?? "not given"}\nA {set.Medium.One()} whose licence or source differs says so in {list}.\n", cancel);
            }
            file.Position = 0;
            return (file, $"{Part(set.Name)}.zip");
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }

    private static object?[] Row(string path, Stimulus s, StimulusSet set, Dictionary<Guid, StageName> stages, Dictionary<Guid, string> naturalPaths)
    {
        var (m, stage) = (s.Metamer, s.Metamer is null ? null : stages.GetValueOrDefault(s.Metamer.StageId));
        var measured = m is { IsMeasured: true } ? m : null;
        return
        [
            path, s.Category, s.Name, s.Sha256, s.Width, s.Height, s.Sound?.RateHz, s.Sound?.Samples, Number(s.Sound?.RmsLevel), Number(s.Sound?.PeakLevel), Number(s.Sound?.LoudnessLufs), s.Licence ?? set.Licence, s.Source ?? set.Source, m is null ? null : naturalPaths.GetValueOrDefault(m.NaturalStimulusId), stage?.Model, stage?.Stage, m is { LossLevel: > 0 } ? Number(m.LossLevel) : null,
            m?.Preset, m?.Seed, m?.GradientEvaluations, Number(measured?.LossOfSavedFile), Number(measured?.Spearman), Number(measured?.Pearson), Number(measured?.PaperSnrDb), measured?.NaturalClass, measured?.MetamerClass,
            m is null ? null : m.MeetsCriteria ? "true" : "false", m?.Reasons.Replace('\n', ' '), m?.RejectedBecause,
        ];
    }

    private static string? Number(double? value) => value?.ToString("R", CultureInfo.InvariantCulture);

    // Pictures do not get smaller by packing, and noise hardly.
    private async Task AddAsync(ZipArchive zip, string path, string sha256, CancellationToken cancel)
    {
        await using var target = await zip.CreateEntry(path, CompressionLevel.NoCompression).OpenAsync(cancel);
        await using var source = File.OpenRead(await blobs.FetchAsync(sha256, cancel));
        await source.CopyToAsync(target, cancel);
    }

    private static async Task TextAsync(ZipArchive zip, string path, string text, CancellationToken cancel)
    {
        await using var target = await zip.CreateEntry(path).OpenAsync(cancel);
        await target.WriteAsync(Encoding.UTF8.GetBytes(text), cancel);
    }

    // A name as a part of a path on every system.
    private static string Part(string name)
    {
        var part = string.Concat(name.Select(c => c < ' ' || "<>:\"/\\|?*".Contains(c) ? '-' : c)).Trim(' ', '.');
        return part.Length == 0 ? "-" : part;
    }

    private sealed class Paths
    {
        private readonly HashSet<string> taken = new(StringComparer.OrdinalIgnoreCase);

        public string Free(string path)
        {
            var free = path;
            for (var n = 2; !taken.Add(free); n++) free = $"{path[..^4]}-{n}{path[^4..]}";
            return free;
        }
    }
}
