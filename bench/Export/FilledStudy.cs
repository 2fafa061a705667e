using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Analysis.Simulation;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Server.Tests.Studies;

namespace PerceptionStudy.Bench.Export;

/// <summary>
/// A study with as many answered trials as asked for, 400 in each session: 16 categories, 400 natural stimuli, metamers of two models at eight
/// stages each, and both models' answers to everything. Answers and timing are those of the simulation.
/// </summary>
public static class FilledStudy
{
    public const string Name = "Bench";
    private const int TrialsPerSession = 400;
    private static readonly string[] Stages = [.. Enumerable.Range(1, 8).Select(n => $"stage{n}")];

    public static async Task FillAsync(StudyDb db, int trials)
    {
        string[] categories = ["airplane", "bear", "bicycle", "bird", "boat", "bottle", "car", "cat", "chair", "clock", "dog", "elephant", "keyboard", "knife", "oven", "truck"];
        var world = await StudyWorld.Create(categories, perCategory: 25, stages: Stages).SaveAsync(db);
        await world.AnswerAsync(db, (model, stimulus) => (stimulus.Name.Length * 7 + stimulus.Category.Length + model.Name.Length) % 5 != 0);
        var material = world.Material();
        var draft = StudyTemplate.Draft(material, Name, world.MetamerSets, TrialsPerSession, 0);
        var design = StudyPublisher.Freeze(draft, material);
        var json = CanonicalJson.Of(design);
        var study = new Study { Id = Guid.CreateVersion7(), Name = Name, LinkKey = "bench", State = StudyState.Open, DraftJson = json, CreatedAt = StudyWorld.Start };
        var version = new StudyVersion { Id = Guid.CreateVersion7(), StudyId = study.Id, Number = 1, DesignJson = json, DesignSha256 = CanonicalJson.Sha256(json), PublishedAt = StudyWorld.Start };
        study.Versions.Add(version);
        db.Studies.Add(study);
        await db.SaveChangesAsync();
        db.ChangeTracker.Clear();

        var random = new Random(1);
        await using var rows = await BulkRows.OpenAsync(db);
        for (var number = 1; number <= (trials + TrialsPerSession - 1) / TrialsPerSession; number++)
        {
            var session = NewSession(version.Id, number);
            await rows.AddAsync(session, Answered(session, world, design, random, Math.Min(TrialsPerSession, trials - (number - 1) * TrialsPerSession)));
        }
    }

    private static Session NewSession(Guid versionId, int number)
    {
        var start = StudyWorld.Start.AddMinutes(number);
        return new Session
        {
            Id = Guid.CreateVersion7(), StudyVersionId = versionId, Number = number, ObserverType = ObserverType.Human, State = SessionState.Completed,
            TokenSha256 = $"token{number}", WithdrawCode = $"CODE{number}", Seed = number, ConsentSha256 = "consent", StartedAt = start, LastSeenAt = start.AddMinutes(30),
            CompletedAt = start.AddMinutes(30), CompletionCode = $"CODE{number}", UserAgent = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36",
        };
    }

    private static IEnumerable<Trial> Answered(Session session, StudyWorld world, StudyDesign design, Random random, int count)
    {
        var naturals = world.NaturalSet.Stimuli.ToArray();
        random.Shuffle(naturals);
        var metamers = world.Metamers.ToDictionary(m => (m.Metamer!.NaturalStimulusId, m.Metamer.StageId));
        var observer = new SyntheticObserver(session.Number);
        for (var position = 0; position < count; position++)
        {
            var natural = naturals[position];
            var condition = design.Conditions[random.Next(design.Conditions.Length)];
            var shown = condition.IsNatural ? natural : metamers[(natural.Id, condition.StageId!.Value)];
            var trial = new Trial
            {
                Id = Guid.CreateVersion7(), SessionId = session.Id, Position = position, Phase = TrialPhase.Main, StimulusId = shown.Id, NaturalStimulusId = natural.Id,
                ModelId = condition.ModelId, StageId = condition.StageId, CorrectCategory = natural.Category, StimulusKey = $"{session.Number}-{position}", MaskSeed = position,
            };
            var answer = observer.Answer(trial, 0.6, design);
            trial.Response = new Response
            {
                TrialId = trial.Id, Choice = answer.Choice, Correct = answer.Choice == natural.Category, ReactionTimeMs = answer.ReactionTimeMs,
                TimingJson = System.Text.Json.JsonSerializer.Serialize(answer.Timing, Shared.WireJson.Default.TrialTiming), ReceivedAt = session.StartedAt.AddSeconds(3 * position),
            };
            yield return trial;
        }
    }
}
