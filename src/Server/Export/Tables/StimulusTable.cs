using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Analysis;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Stimuli;
using PerceptionStudy.Server.Studies;
using static PerceptionStudy.Server.Analysis.ColumnType;

namespace PerceptionStudy.Server.Export;

/// <summary>A stimulus with what it comes from.</summary>
internal sealed record StimulusRow(Stimulus Stimulus, string Set, string? Licence, string? Source, string? Natural, string? Model, string? Stage)
{
    public Metamer? Metamer => Stimulus.Metamer;

    /// <summary>Null also for a metamer that was imported while its model's file was missing.</summary>
    public Metamer? Measured => Metamer is { IsMeasured: true } measured ? measured : null;
}

/// <summary>Every stimulus that the exported versions may show.</summary>
internal static class StimulusTable
{
    private const string OfSound = "for sounds", OfPicture = "for pictures";
    private const string OfNatural = "for natural stimuli", OfNaturalOrNone = "for natural stimuli, and where it is not finite or not known", OfNaturalOrUnknown = "for natural stimuli, and where it is not known";

    public static readonly TableSchema<StimulusRow> Table = new("stimuli", "One row is one stimulus that the study may show: natural stimuli, and metamers with how they were made and how well they match.",
    [
        new("stimulus", FreeText, null, "any text", "Name; trials.csv tells stimuli apart by stimulus_sha256.", null, s => s.Stimulus.Name),
        new("stimulus_sha256", Word, null, "64 hexadecimal digits", "Hash of the file.", null, s => s.Stimulus.Sha256),
        new("kind", Word, null, "natural, metamer", "Natural, or made from noise to match one.", null, s => s.Metamer is null ? "natural" : "metamer"),
        new("category", FreeText, null, "any text", "Category of the natural stimulus: what is right to answer.", null, s => s.Stimulus.Category),
        new("width_px", Whole, "pixels", "1 or more", "Width of the picture.", OfSound, s => s.Stimulus.Sound is null ? (int?)s.Stimulus.Width : null),
        new("height_px", Whole, "pixels", "1 or more", "Height of the picture.", OfSound, s => s.Stimulus.Sound is null ? (int?)s.Stimulus.Height : null),
        new("rate_hz", Whole, "Hz", "from 4000 to 384000", "Sampling rate of the sound.", OfPicture, s => s.Stimulus.Sound?.RateHz),
        new("samples", Whole, "samples", "1 or more", "Length of the sound.", OfPicture, s => s.Stimulus.Sound?.Samples),
        new("rms_level", Number, "full scale", "from 0 to 1", "Root of the mean square of the sound as it is kept.", OfPicture, s => s.Stimulus.Sound?.RmsLevel),
        new("peak_level", Number, "full scale", "from 0 to 1", "Largest magnitude of the sound as it is kept.", OfPicture, s => s.Stimulus.Sound?.PeakLevel),
        new("loudness_lufs", Number, "LUFS", "from -70", "Integrated loudness of the sound as it is kept (ITU-R BS.1770-4).", "for pictures, and for sounds that are too quiet to have one", s => s.Stimulus.Sound?.LoudnessLufs),
        new("media_type", Word, null, "image/png, audio/wav", "Format of the file.", null, s => s.Stimulus.MediaType),
        new("set", FreeText, null, "any text", "Set that it belongs to.", null, s => s.Set),
        new("licence", FreeText, null, "any text", "Licence of the stimulus, or of the whole set.", "if none was given", s => s.Licence),
        new("source", FreeText, null, "any text", "Where the stimulus, or the whole set, comes from.", "if none was given", s => s.Source),
        new("natural_stimulus", FreeText, null, "any text", "Name of the natural stimulus that it was made from.", OfNatural, s => s.Natural),
        new("generating_model", FreeText, null, "any text", "Model that it was made from.", OfNatural, s => s.Model),
        new("stage", FreeText, null, "any text", "Stage whose activation it matches.", OfNatural, s => s.Stage),
        new("loss_level", Number, null, "from 0 to 1", "Fraction of the loss at the start at which the synthesis was cut off.", "for natural stimuli and finished metamers", s => s.Metamer is { LossLevel: > 0 } cut ? cut.LossLevel : (double?)null),
        new("preset", Word, null, "any word", "Synthesis schedule.", OfNatural, s => s.Metamer?.Preset),
        new("seed", Whole, null, "any", "Seed of the noise that it was made from.", OfNatural, s => s.Metamer?.Seed),
        new("gradient_evaluations", Whole, null, "0 or more", "Gradients computed to make it.", OfNatural, s => s.Metamer?.GradientEvaluations),
        new("loss", Number, null, "0 or more", "Distance of the activations at the end, relative to the natural one's norm.", OfNaturalOrNone, s => Finite(s.Measured?.Loss)),
        new("loss_of_saved_file", Number, null, "0 or more", "The same of the file as saved, of 8 or 16 bits.", OfNaturalOrNone, s => Finite(s.Measured?.LossOfSavedFile)),
        new("spearman", Number, null, "from -1 to 1", "Rank correlation of the activations.", OfNaturalOrNone, s => Finite(s.Measured?.Spearman)),
        new("pearson", Number, null, "from -1 to 1", "Correlation of the activations.", OfNaturalOrNone, s => Finite(s.Measured?.Pearson)),
        new("snr_db", Number, "dB", "any", "20 log10 of the natural activation's norm by the difference's.", OfNaturalOrNone, s => Finite(s.Measured?.SnrDb)),
        new("paper_snr_db", Number, "dB", "any", "As the published code computes it: half of snr_db.", OfNaturalOrNone, s => Finite(s.Measured?.PaperSnrDb)),
        new("natural_class", FreeText, null, "any text", "What the generating model takes the natural stimulus for.", OfNaturalOrUnknown, s => s.Measured?.NaturalClass),
        new("metamer_class", FreeText, null, "any text", "What it takes the metamer for.", OfNaturalOrUnknown, s => s.Measured?.MetamerClass),
        new("meets_criteria", YesNo, null, "true, false", "Whether the criteria of a successful synthesis hold; with a loss level, whether the file has that loss.", OfNatural, s => s.Metamer?.MeetsCriteria),
        new("reasons", FreeText, null, "any text", "Why they do not hold.", "if they hold, and for natural stimuli", s => s.Metamer?.Reasons is { Length: > 0 } reasons ? reasons : null),
        new("rejected_because", FreeText, null, "any text", "Why a researcher left it out in spite of the criteria.", "if nobody did", s => s.Metamer?.RejectedBecause),
        new("manifest_sha256", Word, null, "64 hexadecimal digits", "Hash of the manifest that the synthesis wrote.", OfNatural, s => s.Metamer is { } m ? CanonicalJson.Sha256(m.ManifestJson) : null),
    ]);

    public static async IAsyncEnumerable<StimulusRow> ReadAsync(StudyDb db, IReadOnlyList<StudyVersion> versions, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel)
    {
        var shown = versions.SelectMany(v => StudyFreeze.StimuliOf(v.Design)).ToHashSet();
        // Made on demand, by the campaign of a version's own.
        var ids = versions.Select(v => v.Id).ToArray();
        shown.UnionWith(await db.SynthesisJobs.Where(j => ids.Contains(j.CampaignId) && j.MetamerStimulusId != null).Select(j => j.MetamerStimulusId!.Value).ToListAsync(cancel));
        var names = await db.Stimuli.Where(s => s.Metamer == null).Select(s => new { s.Id, s.Name }).ToDictionaryAsync(s => s.Id, s => s.Name, cancel);
        var models = await db.Models.ToDictionaryAsync(m => m.Id, m => m.Name, cancel);
        var stages = await db.Stages.ToDictionaryAsync(s => s.Id, s => s.Name, cancel);
        var rows =
            from stimulus in db.Stimuli.AsNoTracking().Include(s => s.Metamer)
            join set in db.StimulusSets on stimulus.SetId equals set.Id
            orderby stimulus.Metamer != null, stimulus.Name, stimulus.Id
            select new { Stimulus = stimulus, set.Name, Licence = stimulus.Licence ?? set.Licence, Source = stimulus.Source ?? set.Source };
        await foreach (var row in rows.AsAsyncEnumerable().WithCancellation(cancel))
        {
            if (!shown.Contains(row.Stimulus.Id)) continue;
            var metamer = row.Stimulus.Metamer;
            yield return new StimulusRow(row.Stimulus, row.Name, row.Licence, row.Source,
                metamer is null ? null : names.GetValueOrDefault(metamer.NaturalStimulusId), metamer is null ? null : models[metamer.ModelId], metamer is null ? null : stages[metamer.StageId]);
        }
    }

    // A measure that could not be taken is missing, not a word among numbers.
    private static double? Finite(double? value) => value is { } number && double.IsFinite(number) ? number : null;
}
