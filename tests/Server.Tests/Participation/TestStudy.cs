using System.Text.Json;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Models;
using PerceptionStudy.Server.Stimuli;
using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Tests.Participation;

/// <summary>
/// A small published study with real pictures or sounds: one model of two stages, every natural stimulus with a metamer at both; written straight into
/// the database, as the publisher would leave it.
/// </summary>
public sealed class TestStudy
{
    public required Study Study { get; init; }
    public required StudyVersion Version { get; init; }
    public string LinkKey => Study.LinkKey;
    public StudyDesign Design => Version.Design;

    /// <summary>Names in the database that a participant's browser must never see.</summary>
    public required string[] Secrets { get; init; }

    public static readonly string[] SixteenCategories =
        ["airplane", "bear", "bicycle", "bird", "boat", "bottle", "car", "cat", "chair", "clock", "dog", "elephant", "keyboard", "knife", "oven", "truck"];

    public static async Task<TestStudy> PublishAsync(
        StudyDb db, BlobStore blobs, string[]? categories = null, int each = 2, int practice = 2, int mainTrials = 6, int catchTrials = 1,
        int? places = null, TrialDurations? durations = null, Func<StudyDesign, StudyDesign>? change = null, StimulusMedium medium = StimulusMedium.Picture)
    {
        categories ??= ["bear", "boat", "cat"];
        var mark = Guid.NewGuid().ToString("N")[..8];
        var now = new DateTimeOffset(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

        var model = new RegisteredModel
        {
            Id = Guid.CreateVersion7(), Name = $"secretnet-{mark}", FileName = "net.onnx", Sha256 = mark, InputName = "x", InputShape = "1×3×96×96", PipelineJson = medium == StimulusMedium.Sound ? """{"kind":"sound"}""" : "{}", RegisteredAt = now,
        };
        string[] stageNames = [$"secretblock-early-{mark}", $"secretblock-late-{mark}"];
        model.Stages.AddRange(stageNames.Select((name, n) => new ModelStage
        {
            Id = Guid.CreateVersion7(), ModelId = model.Id, Position = n, Name = name, Tensor = name, OpType = "Relu", Shape = "1×8×12×12", Differentiable = true,
        }));
        db.Models.Add(model);

        var naturalSet = new StimulusSet { Id = Guid.CreateVersion7(), Name = $"secretset-naturals-{mark}", Kind = StimulusKind.Natural, Medium = medium, CreatedAt = now };
        var metamerSet = new StimulusSet { Id = Guid.CreateVersion7(), Name = $"secretset-metamers-{mark}", Kind = StimulusKind.Metamer, Medium = medium, CreatedAt = now };
        var picture = 0;
        async Task<Stimulus> AddAsync(StimulusSet set, string name, string category)
        {
            var sound = medium == StimulusMedium.Sound ? TestSounds.Sound(picture) : null;
            using var file = new MemoryStream(sound is null ? TestPictures.Png(picture) : PerceptionStudy.Synthesis.Media.WavFile.Encode(sound));
            picture++;
            var stimulus = new Stimulus
            {
                Id = Guid.CreateVersion7(), SetId = set.Id, Name = name, Category = category, Sha256 = await blobs.StoreAsync(file), CreatedAt = now,
                MediaType = sound is null ? "image/png" : "audio/wav", Width = sound is null ? 96 : 0, Height = sound is null ? 96 : 0,
                Sound = sound is null ? null : new SoundFacts { RateHz = sound.RateHz, Samples = sound.Samples.Length, RmsLevel = sound.Rms, PeakLevel = sound.Peak },
            };
            set.Stimuli.Add(stimulus);
            return stimulus;
        }

        var naturals = new List<Stimulus>();
        foreach (var category in categories)
        {
            for (var n = 0; n < each; n++) naturals.Add(await AddAsync(naturalSet, $"secretpicture-{category}-{n}-{mark}", category));
        }
        var practiceStimuli = new List<Stimulus>();
        for (var n = 0; n < practice; n++)
        {
            var category = categories[n % categories.Length];
            practiceStimuli.Add(await AddAsync(naturalSet, $"secretpractice-{category}-{n}-{mark}", category));
        }
        foreach (var natural in naturals)
        {
            foreach (var stage in model.Stages)
            {
                var stimulus = await AddAsync(metamerSet, $"{natural.Name}-{stage.Name}", natural.Category);
                stimulus.Metamer = new Metamer
                {
                    StimulusId = stimulus.Id, NaturalStimulusId = natural.Id, ModelId = model.Id, StageId = stage.Id, Preset = "fast",
                    NaturalClass = "n", MetamerClass = "n", MeetsCriteria = true, ManifestJson = "{}",
                };
            }
        }
        var clear = new List<Stimulus>();
        if (medium == StimulusMedium.Sound)
        {
            for (var n = 0; n < catchTrials; n++) clear.Add(await AddAsync(naturalSet, $"secretclear-{n}-{mark}", categories[n % categories.Length]));
        }
        db.StimulusSets.AddRange(naturalSet, metamerSet);

        var design = new StudyDesign
        {
            Medium = medium,
            CatchStimuli = [.. clear.Select(s => s.Id)],
            Title = "What do you see?",
            Consent = "You look at pictures and say what they show.\n\nTaking part is voluntary.",
            Instructions = "A picture is shown for a moment. Say what it was.\n\nIf you are not sure, guess.",
            Thanks = "Thank you for taking part.",
            Categories = categories,
            Conditions = [new StudyCondition(null, null), .. model.Stages.Select(s => new StudyCondition(model.Id, s.Id))],
            NaturalStimuli = [.. naturals.Select(n => n.Id)],
            PracticeStimuli = [.. practiceStimuli.Select(n => n.Id)],
            Metamers = [.. metamerSet.Stimuli.Select(m => m.Id)],
            MainTrials = mainTrials,
            CatchTrials = catchTrials,
            Durations = durations ?? new TrialDurations(),
        };
        design = change?.Invoke(design) ?? design;
        var json = JsonSerializer.Serialize(design, JsonSerializerOptions.Web);
        var study = new Study { Id = Guid.CreateVersion7(), Name = $"secretname-{mark}", LinkKey = $"link{mark}", State = StudyState.Open, DraftJson = json, Places = places, CreatedAt = now };
        var version = new StudyVersion { Id = Guid.CreateVersion7(), StudyId = study.Id, Number = 1, DesignJson = json, DesignSha256 = mark, PublishedAt = now };
        study.Versions.Add(version);
        db.Studies.Add(study);
        await db.SaveChangesAsync();
        return new TestStudy
        {
            Study = study,
            Version = version,
            Secrets = [model.Name, .. stageNames, naturalSet.Name, metamerSet.Name, study.Name, "secret", model.Id.ToString(), .. model.Stages.Select(s => s.Id.ToString()),
                .. naturals.Concat(practiceStimuli).Concat(clear).Concat(metamerSet.Stimuli).SelectMany(s => new[] { s.Id.ToString(), s.Sha256 })],
        };
    }
}
