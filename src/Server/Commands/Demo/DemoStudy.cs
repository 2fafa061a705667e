using System.Security.Cryptography;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Stimuli;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Synthesis.FrontEnds;

namespace PerceptionStudy.Server.Commands.Demo;

/// <summary>The studies of the demo, by the same template, check and freeze as every other.</summary>
internal static class DemoStudy
{
    /// <summary>The study of pictures; that of words is <c>demo-words</c>.</summary>
    public const string LinkKey = "demo";

    private const int MainTrials = 40, PracticeTrials = 4, CatchTrials = 2;

    // At which all of the demo's sounds fit: as their synthesis made them, late metamers are up to 15 dB louder than the words.
    private const double WordsRms = 0.08;

    public static Study Of(StimulusMedium medium, StimulusSet naturals, IReadOnlyList<DemoCampaign> campaigns, DateTimeOffset now)
    {
        var material = Material(naturals, campaigns);
        var draft = medium == StimulusMedium.Sound ? Words(material, campaigns) : Draft(material, campaigns, "Demo: what do you see?") with { Consent = PicturesConsent };
        var wrong = DesignValidator.Validate(draft, null, material).Where(p => p.Blocking).ToList();
        if (wrong.Count > 0) throw new RefusedException("The demo makes no study: " + string.Join(' ', wrong.Select(p => p.Sentence)));
        var design = StudyPublisher.Freeze(draft, material);
        var shown = StudyFreeze.StimuliOf(design).ToHashSet();
        var freeze = StudyFreeze.Of(design, RandomNumberGenerator.GetInt32(int.MaxValue),
            naturals.Stimuli.Concat(campaigns.SelectMany(c => c.MetamerSet.Stimuli)).Where(s => shown.Contains(s.Id)), campaigns.Select(c => c.Model));
        var study = new Study
        {
            Id = Guid.CreateVersion7(), Name = draft.Title, LinkKey = medium == StimulusMedium.Sound ? LinkKey + "-words" : LinkKey, State = StudyState.Open, ListedOnHomePage = true, DraftJson = "", Draft = draft,
            CreatedAt = now,
        };
        study.Versions.Add(StudyPublisher.NewVersion(study.Id, 1, freeze, now));
        return study;
    }

    private static StudyDesign Draft(StudyMaterial material, IReadOnlyList<DemoCampaign> campaigns, string title, IReadOnlyCollection<Guid>? heldBack = null) =>
        StudyTemplate.Draft(material, title, [.. campaigns.Select(c => c.MetamerSet.Id)], MainTrials, PracticeTrials, heldBack);

    // Words that no metamer was made of are divided between practice and catch trials. No headphone check: whoever looks at the demo shall get in.
    private static StudyDesign Words(StudyMaterial material, IReadOnlyList<DemoCampaign> campaigns)
    {
        var made = material.Metamers.Select(m => m.NaturalId).ToHashSet();
        Guid[] clear = [.. material.Naturals.Values.Where(n => !made.Contains(n.Id)).Skip(PracticeTrials).Select(n => n.Id)];
        return Draft(material, campaigns, "Demo: what do you hear?", clear) with
        {
            Consent = WordsConsent, CatchStimuli = clear, CatchTrials = Math.Min(CatchTrials, clear.Length), Sound = new SoundSettings { HeadphoneCheck = false, Rms = WordsRms },
        };
    }

    private static StudyMaterial Material(StimulusSet naturals, IReadOnlyList<DemoCampaign> campaigns) => new(
        [.. naturals.Stimuli.OrderBy(s => s.Category, StringComparer.Ordinal).ThenBy(s => s.Name, StringComparer.Ordinal).Select(s => new MaterialNatural(s.Id, s.Name, s.Category, Sound: SoundOf(s)))],
        [.. campaigns.SelectMany(c => c.MetamerSet.Stimuli.OrderBy(s => s.Id).Select(s => new MaterialMetamer(s.Id, c.MetamerSet.Id, s.Metamer!.NaturalStimulusId, s.Metamer.ModelId, s.Metamer.StageId, s.Metamer.Accepted, SoundOf(s))))],
        [.. campaigns.Select(c => c.Model).OrderBy(m => m.Name, StringComparer.Ordinal).Select(m => new MaterialModel(
            m.Id, m.Name, [.. m.Stages.OrderBy(s => s.Position).Select(s => new MaterialStage(s.Id, s.Name, s.Position))], [.. m.Pipeline.Categories.Keys], (m.Pipeline as SoundPipeline)?.RateHz))]);

    private static MaterialSound? SoundOf(Stimulus stimulus) => stimulus.Sound is { } sound ? new MaterialSound(sound.RateHz, sound.Samples, sound.RmsLevel, sound.PeakLevel) : null;

    private const string PicturesConsent =
        """
        This is a demonstration. You look at pictures and say what they show; it takes about five minutes.

        Some of the pictures were made by a neural network: to the network they look the same as a natural picture. Do they to you?

        Taking part is voluntary, and you may stop at any time. This server stores which answers you chose, how long you took, and how precisely your screen showed the pictures, together with the name of your browser; no name and no address.
        """;

    private const string WordsConsent =
        """
        This is a demonstration. You listen to single words and type what you hear; it takes a few minutes, best with headphones.

        Some of the sounds were made by a neural network: to the network they sound the same as a spoken word. Do they to you?

        Taking part is voluntary, and you may stop at any time. This server stores which answers you gave, how long you took, and how precisely your computer played the sounds, together with the name of your browser; no name and no address.
        """;
}
