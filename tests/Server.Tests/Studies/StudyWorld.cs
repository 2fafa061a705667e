using System.Security.Cryptography;
using PerceptionStudy.Server.Campaigns;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Models;
using PerceptionStudy.Server.Stimuli;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Synthesis.FrontEnds;

namespace PerceptionStudy.Server.Tests.Studies;

/// <summary>A small world to make studies from: two models of three stages, natural stimuli of some categories, a metamer of each at each stage.</summary>
public sealed class StudyWorld
{
    public static readonly DateTimeOffset Start = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);
    public static readonly string[] StageNames = ["conv1", "block2", "logits"];

    public required RegisteredModel Standard { get; init; }
    public required RegisteredModel Robust { get; init; }
    public required StimulusSet NaturalSet { get; init; }
    public required StimulusSet StandardSet { get; init; }
    public required StimulusSet RobustSet { get; init; }
    public required string[] Categories { get; init; }

    public Guid[] MetamerSets => [StandardSet.Id, RobustSet.Id];

    public RegisteredModel[] Models => [Standard, Robust];

    public IEnumerable<Stimulus> Metamers => StandardSet.Stimuli.Concat(RobustSet.Stimuli);

    /// <summary>Builds the entities; <paramref name="suffix"/> keeps names unique where several worlds share a database.</summary>
    /// <param name="accepted">Whether the metamer of natural stimulus number n at a stage of a model meets the criteria; all do by default.</param>
    public static StudyWorld Create(string[]? categories = null, int perCategory = 3, string suffix = "", string[]? stages = null, Func<int, RegisteredModel, ModelStage, bool>? accepted = null)
    {
        categories ??= ["bear", "cat", "dog", "truck"];
        var standard = NewModel("standard" + suffix, categories, stages ?? StageNames);
        var robust = NewModel("adversarially trained" + suffix, categories, stages ?? StageNames);
        var natural = NewSet("naturals" + suffix, StimulusKind.Natural);
        foreach (var category in categories)
        {
            for (var i = 1; i <= perCategory; i++) natural.Stimuli.Add(NewStimulus($"{category}-{i}", category));
        }
        return new StudyWorld
        {
            Categories = categories,
            Standard = standard,
            Robust = robust,
            NaturalSet = natural,
            StandardSet = MetamersOf(standard),
            RobustSet = MetamersOf(robust),
        };

        StimulusSet MetamersOf(RegisteredModel model)
        {
            var set = NewSet("metamers of " + model.Name, StimulusKind.Metamer);
            foreach (var (number, source) in natural.Stimuli.Index())
            {
                foreach (var stage in model.Stages)
                {
                    var stimulus = NewStimulus($"{source.Name}-{stage.Name}", source.Category);
                    stimulus.Metamer = NewMetamer(stimulus, source, model, stage, accepted?.Invoke(number, model, stage) ?? true);
                    set.Stimuli.Add(stimulus);
                }
            }
            return set;
        }
    }

    public async Task<StudyWorld> SaveAsync(StudyDb db)
    {
        db.Models.AddRange(Models);
        db.StimulusSets.Add(NaturalSet);
        await db.SaveChangesAsync();
        db.StimulusSets.AddRange(StandardSet, RobustSet);
        await db.SaveChangesAsync();
        return this;
    }

    /// <summary>Answers of both models to everything, or to <paramref name="only"/> one: right where <paramref name="right"/> says so, otherwise the next category.</summary>
    public async Task AnswerAsync(StudyDb db, Func<RegisteredModel, Stimulus, bool> right, Guid? only = null)
    {
        foreach (var model in Models)
        {
            foreach (var stimulus in NaturalSet.Stimuli.Concat(Metamers).Where(s => only is null || s.Id == only))
            {
                var index = Array.IndexOf(Categories, stimulus.Category);
                var answer = right(model, stimulus) ? index : (index + 1) % Categories.Length;
                db.ModelAnswers.Add(new ModelAnswer { ModelId = model.Id, StimulusId = stimulus.Id, Category = Categories[answer], ClassIndex = answer });
            }
        }
        await db.SaveChangesAsync();
    }

    /// <summary>The same world without a database, as the pure functions take it.</summary>
    public StudyMaterial Material() => new(
        [.. NaturalSet.Stimuli.Select(s => new MaterialNatural(s.Id, s.Name, s.Category))],
        [.. new[] { StandardSet, RobustSet }.SelectMany(set => set.Stimuli.Select(s => new MaterialMetamer(
            s.Id, set.Id, s.Metamer!.NaturalStimulusId, s.Metamer.ModelId, s.Metamer.StageId, s.Metamer.Accepted)))],
        [.. Models.OrderBy(m => m.Name, StringComparer.Ordinal).Select(m => new MaterialModel(
            m.Id, m.Name, [.. m.Stages.Select(s => new MaterialStage(s.Id, s.Name, s.Position))], [.. m.Pipeline.Categories.Keys], (m.Pipeline as SoundPipeline)?.RateHz))]);

    private static RegisteredModel NewModel(string name, string[] categories, string[] stages)
    {
        var model = new RegisteredModel
        {
            Id = Guid.CreateVersion7(), Name = name, FileName = "model.onnx", Sha256 = Convert.ToHexStringLower(SHA256.HashData(Guid.NewGuid().ToByteArray())), Bytes = 1, Opset = 17,
            InputName = "input", InputShape = "1×3×96×96", PipelineJson = "", RegisteredAt = Start,
            Pipeline = new PicturePipeline { Width = 96, Height = 96, Categories = categories.Index().ToDictionary(c => c.Item, c => new[] { c.Index }) },
        };
        model.Stages.AddRange(stages.Select((stage, position) => new ModelStage
        {
            Id = Guid.CreateVersion7(), ModelId = model.Id, Position = position, Name = stage, Tensor = stage, OpType = "Relu", Shape = "1×8", Size = 8,
            Differentiable = true, Proposed = true,
        }));
        return model;
    }

    private static StimulusSet NewSet(string name, StimulusKind kind) => new() { Id = Guid.CreateVersion7(), Name = name, Kind = kind, CreatedAt = Start };

    private static Stimulus NewStimulus(string name, string category) => new()
    {
        Id = Guid.CreateVersion7(), Name = name, Category = category, Sha256 = new string('b', 64), MediaType = "image/png", Width = 96, Height = 96, CreatedAt = Start,
    };

    private static Metamer NewMetamer(Stimulus stimulus, Stimulus natural, RegisteredModel model, ModelStage stage, bool accepted) => new()
    {
        StimulusId = stimulus.Id, NaturalStimulusId = natural.Id, ModelId = model.Id, StageId = stage.Id, Preset = "fast", Seed = 1,
        GradientEvaluations = 100, Loss = .01, LossOfSavedFile = .02, Spearman = .99, Pearson = .99, SnrDb = 30, PaperSnrDb = 15,
        NaturalClass = natural.Category, MetamerClass = natural.Category, MeetsCriteria = accepted,
        Reasons = accepted ? "" : "The match is not better than chance.", ManifestJson = "{}",
    };
}
