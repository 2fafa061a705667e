using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Analysis;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Stimuli;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Server.Tests.Data;
using PerceptionStudy.Shared.Sessions;
using PerceptionStudy.Synthesis.Media;

namespace PerceptionStudy.Server.Tests.Participation;

/// <summary>What is different for a participant of a study of sounds: headphone check, practice without feedback, clear words as catch trials, what is sent.</summary>
public abstract class SoundCourseTests(TestDatabase database)
{
    private readonly TestDatabase database = database.Need();
    private readonly PublishedDesigns designs = new();

    private IDbContextFactory<StudyDb> Databases => database.Services.GetRequiredService<IDbContextFactory<StudyDb>>();

    private ReceiveResponse Receiver => new(Databases, designs, TimeProvider.System);

    private async Task<(TestStudy Study, Guid Session)> StartAsync(Func<StudyDesign, StudyDesign>? change = null, int practice = 2)
    {
        await using var db = database.Open();
        var study = await TestStudy.PublishAsync(db, database.Services.GetRequiredService<BlobStore>(), practice: practice, catchTrials: 2, change: change, medium: StimulusMedium.Sound);
        return (study, (await new SessionStart(Databases, TimeProvider.System).StartAsync(study.LinkKey, study.Version.Id, "test")).SessionId);
    }

    private async Task<Session> SessionAsync(Guid session)
    {
        await using var db = database.Open();
        return await db.Sessions.AsNoTracking().Include(s => s.Trials).ThenInclude(t => t.Response).FirstAsync(s => s.Id == session);
    }

    private async Task<SessionPlan> PlanAsync(Guid session)
    {
        await using var db = database.Open();
        return await SessionPlans.OfAsync(db, designs, await SessionAsync(session));
    }

    private async Task<HeadphoneReceipt> CheckAsync(Guid session, params int[] quietest)
    {
        await using var db = database.Open();
        return await ReceiveHeadphones.ReceiveAsync(db, designs, await SessionAsync(session), new HeadphoneAnswers(quietest), TimeProvider.System);
    }

    /// <summary>What somebody answers who hears the first tones of the check right.</summary>
    private static int[] Right(SessionPlan plan, int rounds = 6) =>
        [.. plan.Sound!.HeadphoneCheck!.Rounds.Select((r, n) => Array.FindIndex(r.Tones, t => t.Left < r.Tones.Max(o => o.Left)) is var at && n < rounds ? at + 1 : (at + 1) % 3 + 1)];

    [Theory]
    [InlineData(6, 5, SessionState.Active)]
    [InlineData(5, 5, SessionState.Active)]
    [InlineData(4, 5, SessionState.FailedHeadphones)]
    [InlineData(4, 4, SessionState.Active)]
    public async Task The_headphone_check_is_judged_on_the_server_by_the_pass_mark(int right, int mark, SessionState state)
    {
        var (study, session) = await StartAsync(design => design with { Sound = new() { PassMark = mark }, Ends = new() { FailedHeadphones = new() { Text = "Get some." } } });
        var plan = await PlanAsync(session);
        Assert.Equal((TestSounds.RateHz, true), (plan.Sound!.RateHz, plan.Sound.AdjustLevel));
        var receipt = await CheckAsync(session, Right(plan, right));
        // Sent again, or another one: the first stays.
        Assert.Equal(receipt, await CheckAsync(session, Right(plan, 6)));
        Assert.Equal(state, (await SessionAsync(session)).State);
        Assert.Null((await PlanAsync(session)).Sound!.HeadphoneCheck);

        await using var db = database.Open();
        var stored = await db.SessionHeadphones.SingleAsync(h => h.SessionId == session);
        Assert.Equal((right, state == SessionState.Active), (stored.Correct, stored.Passed));
        var ending = await SessionEnding.OfAsync(db, designs, await SessionAsync(session), null);
        Assert.Equal(state == SessionState.Active, ending is null);
        if (ending is not null) Assert.Contains("Get some.", ending.Html, StringComparison.Ordinal);

        await SessionEnd.WithdrawAsync(db, session, TimeProvider.System);
        Assert.False(await db.SessionHeadphones.AnyAsync(h => h.SessionId == session));
    }

    [Fact]
    public async Task Answers_that_cannot_be_are_refused_and_a_study_without_a_check_takes_none()
    {
        var (_, session) = await StartAsync();
        Assert.Equal(400, (await Assert.ThrowsAsync<ParticipantRefusedException>(() => CheckAsync(session, 1, 2, 3))).Status);
        Assert.NotNull((await PlanAsync(session)).Sound!.HeadphoneCheck);
        var (_, other) = await StartAsync(design => design with { Sound = new() { HeadphoneCheck = false, AdjustLevel = false } });
        Assert.Equal((false, null), ((await PlanAsync(other)).Sound!.AdjustLevel, (await PlanAsync(other)).Sound!.HeadphoneCheck));
        Assert.Equal(400, (await Assert.ThrowsAsync<ParticipantRefusedException>(() => CheckAsync(other, 1, 2, 3, 1, 2, 3))).Status);
    }

    [Theory]
    [InlineData(1, SessionState.Active)]
    [InlineData(0, SessionState.FailedGate)]
    public async Task Practice_without_feedback_tells_nothing_and_alone_counts_for_the_gate(int right, SessionState state)
    {
        var (_, session) = await StartAsync(design => design with { Practice = new() { ScoredTrials = 2, RequiredProportion = 0.5 } }, practice: 4);
        var plan = await PlanAsync(session);
        Assert.Equal([(true, true), (true, true), (true, false), (true, false), (false, false)], plan.Trials.Take(5).Select(t => (t.IsPractice, t.WithFeedback)));
        foreach (var (n, trial) in (await SessionAsync(session)).Trials.Where(t => t.Phase == TrialPhase.Practice).OrderBy(t => t.Position).Index())
        {
            // Those with feedback do not help.
            var receipt = await Receiver.ReceiveAsync(session, Answers.Of(trial.Id, n < 2 || n < 2 + right ? trial.CorrectCategory : trial.CorrectCategory == "cat" ? "bear" : "cat"));
            Assert.Equal(n < 2 ? trial.CorrectCategory : null, receipt.CorrectChoice);
        }
        Assert.Equal(state, (await SessionAsync(session)).State);
    }

    [Fact]
    public async Task Catch_trials_play_clear_sounds_and_count_for_no_cell()
    {
        var (study, session) = await StartAsync();
        var trials = (await SessionAsync(session)).Trials;
        var caught = trials.Where(t => t.IsCatch).ToList();
        Assert.Equal(study.Design.CatchStimuli.Order(), caught.Select(t => t.StimulusId!.Value).Order());
        Assert.All(caught, t => Assert.Null(t.NaturalStimulusId));
        await using var db = database.Open();
        var counted = await CellTallies.CountAsync(db, study.Version.Id, ObserverType.Human);
        Assert.Equal(trials.Count(t => t is { Phase: TrialPhase.Main, IsCatch: false }), counted.Values.Sum());
    }

    [Theory]
    [InlineData(null)]
    [InlineData(0.05)]
    public async Task Every_sound_is_sent_sample_by_sample_at_the_level_of_the_study_in_files_that_look_alike(double? rms)
    {
        await using var server = await database.StartServerAsync();
        var (study, session) = await StartAsync(design => design with { Sound = new() { Rms = rms } });
        Assert.Equal(rms ?? 0.1, (await PlanAsync(session)).Sound!.NoiseRms);
        await using var db = database.Open();
        var seen = new HashSet<string>();
        var longest = await db.Stimuli.Where(s => db.Trials.Any(t => t.SessionId == session && t.StimulusId == s.Id)).MaxAsync(s => s.Sound!.Samples);
        foreach (var trial in (await SessionAsync(session)).Trials)
        {
            var reply = await server.Client.GetAsync($"/stimuli/{trial.StimulusKey}");
            var bytes = await reply.Content.ReadAsByteArrayAsync();
            var headers = reply.Headers.Concat(reply.Content.Headers).Where(h => h.Key is not ("Date" or "Repr-Digest")).Select(h => $"{h.Key}: {string.Join(',', h.Value)}");
            seen.Add($"{bytes.Length} {Convert.ToHexString(bytes.AsSpan(0, 44))} {string.Join('|', headers.Order(StringComparer.Ordinal))}");
            var played = WavFile.Read(bytes, "played");
            var stimulus = await db.Stimuli.SingleAsync(s => s.Id == trial.StimulusId);
            var kept = WavFile.Read(await File.ReadAllBytesAsync(await database.Services.GetRequiredService<BlobStore>().FetchAsync(stimulus.Sha256)), "kept");
            if (rms is { } level)
            {
                var heard = new Sound(kept.RateHz, [.. played.Samples.Take(kept.Samples.Length)]);
                Assert.Equal(level, heard.Rms, 5);
                Assert.All(kept.Samples.Zip(heard.Samples), pair => Assert.Equal(pair.First * level / kept.Rms, pair.Second, 0.51 / 32768));
            }
            else Assert.Equal(kept.Samples, played.Samples.Take(kept.Samples.Length));
            Assert.All(played.Samples.Skip(kept.Samples.Length), sample => Assert.Equal(0, sample));
            Assert.Equal((kept.RateHz, longest), (played.RateHz, played.Samples.Length));
        }
        var answered = (await SessionAsync(session)).Trials[0];
        await Receiver.ReceiveAsync(session, Answers.Of(answered.Id, "cat"));
        var record = await new TrialQuery(Databases).ReadAsync(study.Study.Id, new TrialFilter(IncludeIncomplete: true)).SingleAsync();
        Assert.Equal(rms ?? (await db.Stimuli.SingleAsync(s => s.Id == answered.StimulusId)).Sound!.RmsLevel, record.SoundRmsLevel);
        Assert.Single(seen);
        Assert.DoesNotContain(study.Secrets, secret => seen.First().Contains(secret, StringComparison.OrdinalIgnoreCase));
    }
}

public sealed class SoundCourseOnSqliteTests(SqliteDatabase database) : SoundCourseTests(database), IClassFixture<SqliteDatabase>;

public sealed class SoundCourseOnPostgresTests(PostgresDatabase database) : SoundCourseTests(database), IClassFixture<PostgresDatabase>;
