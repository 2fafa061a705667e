using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Analysis;
using PerceptionStudy.Server.Analysis.Digests;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Server.Tests.Data;
using PerceptionStudy.Shared.Sessions;
using PerceptionStudy.Shared.Trials;

namespace PerceptionStudy.Server.Tests.Participation;

/// <summary>What changes the course of a session while it runs: the gate after the practice, trials that are shown again, the questions.</summary>
public abstract class SessionCourseTests(TestDatabase database)
{
    private readonly TestDatabase database = database.Need();

    private IDbContextFactory<StudyDb> Databases => database.Services.GetRequiredService<IDbContextFactory<StudyDb>>();

    private ReceiveResponse Receiver => new(Databases, new PublishedDesigns(), TimeProvider.System);

    private async Task<Guid> StartAsync(Func<StudyDesign, StudyDesign> change)
    {
        await using var db = database.Open();
        var study = await TestStudy.PublishAsync(db, database.Services.GetRequiredService<BlobStore>(), change: change);
        return (await new SessionStart(Databases, TimeProvider.System).StartAsync(study.LinkKey, study.Version.Id, "test")).SessionId;
    }

    private async Task<List<Trial>> TrialsAsync(Guid session)
    {
        await using var db = database.Open();
        return await db.Trials.AsNoTracking().Include(t => t.Response).Where(t => t.SessionId == session).OrderBy(t => t.Position).ToListAsync();
    }

    private async Task<Session> SessionAsync(Guid session)
    {
        await using var db = database.Open();
        return await db.Sessions.AsNoTracking().FirstAsync(s => s.Id == session);
    }

    private async Task<SessionPlan> PlanAsync(Guid session)
    {
        await using var db = database.Open();
        return await SessionPlans.OfAsync(db, new PublishedDesigns(), await SessionAsync(session));
    }

    private async Task PracticeAsync(Guid session, bool right)
    {
        foreach (var trial in (await TrialsAsync(session)).Where(t => t.Phase == TrialPhase.Practice && t.Response is null))
            await Receiver.ReceiveAsync(session, Answers.Of(trial.Id, right ? trial.CorrectCategory : trial.CorrectCategory == "cat" ? "bear" : "cat"));
    }

    private static StudyDesign Gate(StudyDesign design, int attempts) => design with { Practice = new() { RequiredProportion = 1, Attempts = attempts } };

    [Fact]
    public async Task Who_has_enough_of_the_practice_right_goes_on()
    {
        var session = await StartAsync(design => Gate(design, attempts: 1));
        var before = await TrialsAsync(session);
        await PracticeAsync(session, right: true);
        Assert.Equal(SessionState.Active, (await SessionAsync(session)).State);
        Assert.Equal(before.Count, (await TrialsAsync(session)).Count);
    }

    [Fact]
    public async Task Who_has_not_does_it_again_and_after_the_last_attempt_the_session_ends()
    {
        var session = await StartAsync(design => Gate(design, attempts: 2));
        var planned = await TrialsAsync(session);
        await PracticeAsync(session, right: false);

        var plan = await PlanAsync(session);
        Assert.Equal(SessionProgress.Active, plan.Progress);
        // The same pictures under new addresses, before the main part.
        Assert.Equal([true, true, true, true, false], plan.Trials.Take(5).Select(t => t.IsPractice));
        var again = (await TrialsAsync(session)).Skip(planned.Count).ToList();
        Assert.Equal(planned.Take(2).Select(t => t.StimulusId), again.Select(t => t.StimulusId));
        Assert.Equal(planned.Count + 2, plan.Trials.Select(t => t.StimulusAddress).Distinct().Count());

        await PracticeAsync(session, right: false);
        Assert.Equal(SessionState.FailedGate, (await SessionAsync(session)).State);
        Assert.Equal(SessionProgress.Ended, (await PlanAsync(session)).Progress);
    }

    [Fact]
    public async Task A_trial_with_bad_timing_is_shown_once_more_at_the_end_and_no_third_time()
    {
        var session = await StartAsync(design => design with { Display = new() { BadTrials = BadTrials.Repeat } });
        var planned = await TrialsAsync(session);
        var main = planned.First(t => t.Phase == TrialPhase.Main);
        static TrialResponse Bad(TrialResponse answer) => answer with { Timing = answer.Timing with { Disturbed = true } };

        await Receiver.ReceiveAsync(session, Bad(Answers.Of(planned[0].Id, "cat")));
        Assert.Equal(planned.Count, (await TrialsAsync(session)).Count);
        await Receiver.ReceiveAsync(session, Bad(Answers.Of(main.Id, "cat")));
        await Receiver.ReceiveAsync(session, Bad(Answers.Of(main.Id, "cat")));
        var again = Assert.Single((await TrialsAsync(session)).Skip(planned.Count));
        Assert.Equal((main.Id, main.StimulusId, main.CorrectCategory, main.ModelId, main.StageId), (again.RepeatOf, again.StimulusId, again.CorrectCategory, again.ModelId, again.StageId));
        Assert.Equal($"stimuli/{again.StimulusKey}", (await PlanAsync(session)).Trials[^1].StimulusAddress);
        await Receiver.ReceiveAsync(session, Bad(Answers.Of(again.Id, "cat")));
        Assert.Equal(planned.Count + 1, (await TrialsAsync(session)).Count);

        // The session is complete only with the trial that came again.
        foreach (var trial in await TrialsAsync(session))
            await Receiver.ReceiveAsync(session, Answers.Of(trial.Id, trial.CorrectCategory));
        Assert.Equal(SessionState.Completed, (await SessionAsync(session)).State);
    }

    [Fact]
    public async Task A_bad_trial_is_only_marked_unless_the_study_says_otherwise()
    {
        var session = await StartAsync(design => design);
        var planned = await TrialsAsync(session);
        var answer = Answers.Of(planned[^1].Id, "cat");
        await Receiver.ReceiveAsync(session, answer with { Timing = answer.Timing with { Disturbed = true } });
        Assert.Equal(planned.Count, (await TrialsAsync(session)).Count);
    }

    [Fact]
    public async Task Two_bad_answers_at_the_same_time_get_two_places()
    {
        var session = await StartAsync(design => design with { Display = new() { BadTrials = BadTrials.Repeat } });
        var planned = await TrialsAsync(session);
        var receiver = Receiver;
        await Task.WhenAll(planned.Where(t => t.Phase == TrialPhase.Main).Select(t => Task.Run(() =>
        {
            var answer = Answers.Of(t.Id, "cat");
            return receiver.ReceiveAsync(session, answer with { Timing = answer.Timing with { Disturbed = true } });
        })));
        var mains = planned.Count(t => t.Phase == TrialPhase.Main);
        Assert.Equal(mains, (await TrialsAsync(session)).Count(t => t.RepeatOf is not null));
    }

    [Fact]
    public async Task An_interrupted_trial_is_stored_as_such_and_not_shown_again_where_the_study_says_so()
    {
        var session = await StartAsync(design => design with { Resume = new() { RepeatInterrupted = false }, Display = new() { BadTrials = BadTrials.Repeat } });
        Assert.False((await PlanAsync(session)).ShowInterruptedAgain);
        var planned = await TrialsAsync(session);
        var interrupted = planned.First(t => t.Phase == TrialPhase.Main && !t.IsCatch);
        await Receiver.ReceiveAsync(session, TrialResponse.OfInterrupted(interrupted.Id));
        await Receiver.ReceiveAsync(session, Answers.Of(interrupted.Id, interrupted.CorrectCategory));
        foreach (var trial in planned) await Receiver.ReceiveAsync(session, Answers.Of(trial.Id, trial.CorrectCategory));

        Assert.Equal(SessionState.Completed, (await SessionAsync(session)).State);
        var trials = await TrialsAsync(session);
        Assert.Equal(planned.Count, trials.Count);
        var stored = trials.Single(t => t.Id == interrupted.Id).Response!;
        Assert.Equal((ResponseKind.Interrupted, null, false, null), (stored.Kind, stored.Choice, stored.Correct, stored.ReactionTimeMs));

        // It enters no figure, neither from the rows nor from the digests.
        await using var db = database.Open();
        var study = await db.StudyVersions.Where(v => db.Sessions.Any(s => s.Id == session && s.StudyVersionId == v.Id)).Select(v => v.StudyId).SingleAsync();
        var rows = await new TrialQuery(Databases).ReadAsync(study, new TrialFilter()).ToListAsync();
        Assert.False(rows.Single(r => r.Position == interrupted.Position).Counts);
        Assert.Equal(planned.Count(t => t is { Phase: TrialPhase.Main, IsCatch: false, Swapped: false }) - 1, rows.Count(r => r.Counts));
        await new SessionDigests(Databases, TimeProvider.System).StoreMissingAsync();
        var digests = TrialDigest.Unpack((await db.SessionDigests.SingleAsync(d => d.SessionId == session)).Trials);
        Assert.Equal(rows.Count(r => r.Counts), digests.Count(d => d.Counts));
    }

    [Fact]
    public async Task A_study_that_shows_interrupted_trials_again_takes_none_as_interrupted()
    {
        var session = await StartAsync(design => design);
        Assert.True((await PlanAsync(session)).ShowInterruptedAgain);
        var refused = await Assert.ThrowsAsync<ParticipantRefusedException>(async () => await Receiver.ReceiveAsync(session, TrialResponse.OfInterrupted((await TrialsAsync(session))[0].Id)));
        Assert.Equal((400, "This study shows an interrupted picture again, so the answer was not stored."), (refused.Status, refused.Message));
    }

    [Fact]
    public async Task Choices_drawn_for_a_trial_reach_the_browser_and_no_other_answer_is_taken()
    {
        var session = await StartAsync(design => design with { Response = new() { ChoicesPerTrial = 2 }, Display = new() { BadTrials = BadTrials.Repeat } });
        var trials = await TrialsAsync(session);
        var plan = await PlanAsync(session);
        Assert.Empty(plan.Choices);
        Assert.Equal(trials.Select(t => (t.Id, string.Join('|', t.Choices!))), plan.Trials.Select(t => (t.TrialId, string.Join('|', t.Choices!))));
        Assert.All(trials, t => Assert.Contains(t.CorrectCategory, t.Choices!));

        var main = trials.First(t => t.Phase == TrialPhase.Main);
        var missing = ((string[])["bear", "boat", "cat"]).Except(main.Choices!).Single();
        var refused = await Assert.ThrowsAsync<ParticipantRefusedException>(() => Receiver.ReceiveAsync(session, Answers.Of(main.Id, missing)));
        Assert.Equal($"'{missing}' is not one of the choices of this study, so the answer was not stored.", refused.Message);
        // What is shown again offers the same.
        var answer = Answers.Of(main.Id, main.Choices![0]);
        await Receiver.ReceiveAsync(session, answer with { Timing = answer.Timing with { Disturbed = true } });
        Assert.Equal(main.Choices, (await TrialsAsync(session)).Single(t => t.RepeatOf == main.Id).Choices);
    }

    [Fact]
    public async Task Confidence_and_answers_without_a_choice_are_stored()
    {
        var session = await StartAsync(design => design with { Response = new() { DontKnow = true, TimeLimitMs = 2000, ConfidenceLevels = 4 } });
        var trials = await TrialsAsync(session);
        await Receiver.ReceiveAsync(session, Answers.Of(trials[0].Id, "cat") with { Confidence = 3, ConfidenceTimeMs = 412.5 });
        await Receiver.ReceiveAsync(session, Answers.Of(trials[1].Id, "") with { Kind = ResponseKind.DontKnow, Choice = null });
        await Receiver.ReceiveAsync(session, Answers.Of(trials[2].Id, "") with { Kind = ResponseKind.TimedOut, Choice = null, ReactionTimeMs = null });
        var stored = (await TrialsAsync(session)).Take(3).Select(t => t.Response!).ToList();
        Assert.Equal([(ResponseKind.Choice, "cat", 3, 412.5), (ResponseKind.DontKnow, null, null, null), (ResponseKind.TimedOut, null, null, null)],
            stored.Select(r => (r.Kind, r.Choice, r.Confidence, r.ConfidenceTimeMs)));
        Assert.All(stored.Skip(1), r => Assert.False(r.Correct));
    }

    [Fact]
    public async Task What_a_participant_says_about_themselves_is_stored_once_and_deleted_with_the_answers()
    {
        var session = await StartAsync(design => design with { Questionnaire = new() { Age = true, Sex = true, Comments = true } });
        async Task<QuestionnaireReceipt> SayAsync(QuestionnaireAnswers answers)
        {
            await using var db = database.Open();
            return await ReceiveQuestionnaire.ReceiveAsync(db, new PublishedDesigns(), await SessionAsync(session), answers, TimeProvider.System);
        }

        Assert.Equal((false, true, true, false), (await PlanAsync(session)).Questionnaire is { } asked ? (asked.Before, asked.Age, asked.Sex, asked.Vision) : default);
        foreach (var impossible in (QuestionnaireAnswers[])[new() { AgeYears = 0 }, new() { AgeYears = 130 }, new() { Vision = VisionAnswer.Normal }, new() { Comments = new string('x', 2001) }])
            Assert.Equal(400, (await Assert.ThrowsAsync<ParticipantRefusedException>(() => SayAsync(impossible))).Status);

        var first = await SayAsync(new() { AgeYears = 31, Sex = SexAnswer.Female, Comments = "=1+1" });
        Assert.Equal(first, await SayAsync(new() { AgeYears = 99 }));
        await using var db = database.Open();
        var stored = await db.SessionQuestionnaires.SingleAsync(q => q.SessionId == session);
        Assert.Equal((31, SexAnswer.Female, null, "=1+1"), (stored.AgeYears, stored.Sex, stored.Vision, stored.Comments));
        Assert.True((await PlanAsync(session)).Questionnaire!.Answered);

        await SessionEnd.WithdrawAsync(db, session, TimeProvider.System);
        Assert.False(await db.SessionQuestionnaires.AnyAsync(q => q.SessionId == session));
    }
}

public sealed class SessionCourseOnSqliteTests(SqliteDatabase database) : SessionCourseTests(database), IClassFixture<SqliteDatabase>;

public sealed class SessionCourseOnPostgresTests(PostgresDatabase database) : SessionCourseTests(database), IClassFixture<PostgresDatabase>;
