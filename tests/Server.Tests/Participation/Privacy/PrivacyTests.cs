using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Participation.Inviting;
using PerceptionStudy.Server.Participation.Privacy;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Server.Tests.Data;

namespace PerceptionStudy.Server.Tests.Participation.Privacy;

public abstract class PrivacyTests(TestDatabase database)
{
    private static readonly DateTimeOffset Now = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);
    private readonly TestDatabase database = database.Need();

    [Fact]
    public async Task Recruiters_ids_stand_nowhere_in_the_clear_and_are_opened_for_paying()
    {
        await using var server = await database.StartServerAsync();
        var study = await PublishAsync();
        var id = "PROLIFIC" + Guid.NewGuid().ToString("N");
        var begun = await StartAsync(study, new RecruiterLink("Prolific", id, "submission-1", "project-1"));
        await using (var db = database.Open())
        {
            var stored = await db.Recruits.AsNoTracking().SingleAsync(r => r.SessionId == begun.SessionId);
            Assert.DoesNotContain(id, JsonSerializer.Serialize(stored), StringComparison.Ordinal);
            Assert.DoesNotContain("submission-1", JsonSerializer.Serialize(stored), StringComparison.Ordinal);
            // Who has only the database cannot try ids out.
            Assert.NotEqual(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"{study.Study.Id:N}\nProlific\n{id}"))), stored.IdSha256);
        }
        var csv = await (await server.SignInAsync()).GetStringAsync($"/admin/studies/{study.Study.Id}/recruiter-ids.csv");
        Assert.Contains(id, csv, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ParticipantRefusedException>(() => StartAsync(study, new RecruiterLink("Prolific", id, "submission-2", "project-1")));
    }

    [Fact]
    public async Task After_the_time_that_was_promised_the_ties_go_and_then_the_answers()
    {
        var study = await PublishAsync(new() { IdsKeptDays = 30, AnswersKeptDays = 365 });
        var kept = await PublishAsync(new() { IdsKeptDays = null });
        var links = new PersonalLinks(Databases, TimeProvider.System);
        await links.MakeAsync(study.Study.Id, ["for Ada Lovelace"]);
        var code = (await links.ListAsync(study.Study.Id)).Single().Code;
        Guid fresh = (await StartAsync(study, new RecruiterLink("Prolific", "fresh", "s", "p"))).SessionId, due = (await StartAsync(study, new RecruiterLink(RecruiterLink.Personal, code, null, null))).SessionId,
            old = (await StartAsync(study, new RecruiterLink("Prolific", "old", "s", "p"))).SessionId, other = (await StartAsync(kept, new RecruiterLink("Prolific", "other", "s", "p"))).SessionId;
        await SeenAsync((fresh, 29), (due, 31), (old, 366), (other, 5000));
        await using (var db = database.Open())
        {
            db.SessionQuestionnaires.Add(new SessionQuestionnaire { SessionId = due, AgeYears = 36, Comments = "I am Ada", ReceivedAt = Now });
            await db.SaveChangesAsync();
        }

        Assert.Equal(new Deleted(1, 1), await RetentionAt(Now).RunAsync());
        await using var after = database.Open();
        Assert.False(await after.Sessions.AnyAsync(s => s.Id == old));
        var tied = await after.Recruits.AsNoTracking().Where(r => r.StudyId == study.Study.Id || r.StudyId == kept.Study.Id).ToDictionaryAsync(r => r.SessionId);
        Assert.Equal(("fresh", null, "other"), (after.RecruiterIds.Open(tied[fresh].ParticipantId), tied[due].ParticipantId, after.RecruiterIds.Open(tied[other].ParticipantId)));
        Assert.Null((await after.PersonalLinks.SingleAsync(l => l.StudyId == study.Study.Id)).Note);
        Assert.Equal((36, null), await after.SessionQuestionnaires.Where(q => q.SessionId == due).Select(q => new ValueTuple<int?, string?>(q.AgeYears, q.Comments)).SingleAsync());
        Assert.Equal((null, "browser"), (await AgentAsync(due), await AgentAsync(fresh)));
        Assert.True(await after.Trials.AnyAsync(t => t.SessionId == due));
        // The log of changes, from which nothing can be deleted, never had the name.
        Assert.False(await after.AuditEntries.AnyAsync(e => e.AfterJson!.Contains("Lovelace")));
        // The link stays used, and a second round finds nothing.
        Assert.NotNull((await links.ListAsync(study.Study.Id)).Single().Participant);
        Assert.Equal(new Deleted(0, 0), await RetentionAt(Now).RunAsync());

        async Task<string?> AgentAsync(Guid session) => await after.Sessions.Where(s => s.Id == session).Select(s => s.UserAgent).SingleAsync();
    }

    [Fact]
    public async Task A_clock_that_jumps_deletes_nothing()
    {
        var study = await PublishAsync(new() { IdsKeptDays = 1, AnswersKeptDays = 2 });
        var session = (await StartAsync(study, new RecruiterLink("Prolific", "jump", "s", "p"))).SessionId;
        await SeenAsync((session, 0));
        var clock = new JumpingClock { Wall = Now };
        var retention = new Retention(Databases, clock, NullLogger<Retention>.Instance);
        clock.Wall = Now.AddYears(10);
        Assert.Equal(new Deleted(0, 0), await retention.RunAsync());
        // The same ten years, when they have really gone by.
        (clock.Wall, clock.Elapsed) = (Now.AddYears(10), Now.AddYears(10) - Now);
        Assert.InRange((await retention.RunAsync()).Sessions, 1, int.MaxValue);
        await using var db = database.Open();
        Assert.False(await db.Sessions.AnyAsync(s => s.Id == session));
    }

    [Fact]
    public async Task A_participant_downloads_what_is_stored_and_no_more()
    {
        await using var server = await database.StartServerAsync();
        var study = await PublishAsync();
        var begun = await StartAsync(study, new RecruiterLink("Prolific", "ada-1", "s-9", "p-9"));
        await using var db = database.Open();
        var receive = server.Services.GetRequiredService<ReceiveResponse>();
        foreach (var trial in await db.Trials.Where(t => t.SessionId == begun.SessionId).ToListAsync()) await receive.ReceiveAsync(begun.SessionId, Answers.Of(trial.Id, study.Design.Categories[0]));
        var session = await db.Sessions.SingleAsync(s => s.Id == begun.SessionId);

        var answer = await server.Client.PostAsync("/withdraw/data", await FormAsync(server.Client, session.WithdrawCode.ToLowerInvariant()));
        Assert.Equal("application/json", answer.Content.Headers.ContentType!.MediaType);
        var text = await answer.Content.ReadAsStringAsync();
        using var data = JsonDocument.Parse(text);
        Assert.Equal("ada-1", data.RootElement.GetProperty("recruiter").GetProperty("participantId").GetString());
        Assert.Equal(study.Design.MainTrials + study.Design.CatchTrials + study.Design.PracticeStimuli.Length, data.RootElement.GetProperty("answers").GetArrayLength());
        Assert.Equal(study.Design.Consent, data.RootElement.GetProperty("agreedTo").GetProperty("text").GetString());
        foreach (var secret in (string[])[.. study.Secrets, "correct", "condition", "isCatch", "stage", "modelId"]) Assert.DoesNotContain(secret, text, StringComparison.OrdinalIgnoreCase);
        Assert.NotEqual(SessionState.Withdrawn, (await db.Sessions.AsNoTracking().SingleAsync(s => s.Id == begun.SessionId)).State);

        var unknown = await server.Client.PostAsync("/withdraw/data", await FormAsync(server.Client, "AAAAABBBBB"));
        Assert.Equal("/withdraw?unknown=true", unknown.Headers.Location!.OriginalString);
        // Not without the form: no other site can make a browser fetch it.
        Assert.Equal(HttpStatusCode.Found, (await server.NewClient().PostAsync("/withdraw/data", new FormUrlEncodedContent([new("Form.Code", session.WithdrawCode)]))).StatusCode);
    }

    [Fact]
    public void The_record_of_processing_says_what_the_settings_say()
    {
        var design = StudyDesignOf(new() { Controller = "University of | Nowhere\n1 Main Street", IdsKeptDays = 14, AnswersKeptDays = 3650 }) with
        {
            Questionnaire = new() { Age = true, Vision = true, Comments = true }, Recruitment = new() { Screening = ["I am 18 or older"] }, Withdrawal = WithdrawalPolicy.Keep,
        };
        var record = ProcessingRecord.Of("Metamers", design, 2, 120, ["Prolific"]);
        foreach (var sentence in (string[])["# Record of processing: Metamers", "Version 2 of the study", @"University of \| Nowhere, 1 Main Street", "at most 120", "I am 18 or older", "age in years, vision", "Comments in people's own words", "14 days after the last answer", "3650 days after the last answer", "People came by: Prolific", "the answers stay", "| Ethics approval | **to be filled in** |", design.Consent])
            Assert.Contains(sentence, record, StringComparison.Ordinal);
        Assert.DoesNotContain("sex", record, StringComparison.Ordinal);
    }

    private IDbContextFactory<StudyDb> Databases => database.Services.GetRequiredService<IDbContextFactory<StudyDb>>();

    private Retention RetentionAt(DateTimeOffset now) => new(Databases, new JumpingClock { Wall = now }, NullLogger<Retention>.Instance);

    private async Task<TestStudy> PublishAsync(PrivacySettings? privacy = null)
    {
        await using var db = database.Open();
        return await TestStudy.PublishAsync(db, database.Services.GetRequiredService<BlobStore>(), change: design => design with { Privacy = privacy ?? new() });
    }

    private static StudyDesign StudyDesignOf(PrivacySettings privacy) => new()
    {
        Title = "What do you see?", Consent = "You look at pictures.", Instructions = "", Thanks = "", Categories = [], Conditions = [], NaturalStimuli = [], PracticeStimuli = [], Privacy = privacy,
    };

    private Task<StartedSession> StartAsync(TestStudy study, RecruiterLink recruiter) =>
        new SessionStart(Databases, TimeProvider.System).StartAsync(new Arrival(study.LinkKey, study.Version.Id) { Recruiter = recruiter, UserAgent = "browser" });

    private async Task SeenAsync(params (Guid Session, int DaysAgo)[] seen)
    {
        await using var db = database.Open();
        foreach (var (session, days) in seen) await db.Sessions.Where(s => s.Id == session).ExecuteUpdateAsync(s => s.SetProperty(x => x.LastSeenAt, Now.AddDays(-days)));
    }

    private static async Task<FormUrlEncodedContent> FormAsync(HttpClient client, string code) =>
        new([.. Forms.HiddenFieldsOf(await client.GetStringAsync("/withdraw")), new("Form.Code", code)]);

    /// <summary>Wall clock and time gone by, each by itself.</summary>
    private sealed class JumpingClock : TimeProvider
    {
        public DateTimeOffset Wall { get; set; }

        public TimeSpan Elapsed { get; set; }

        public override DateTimeOffset GetUtcNow() => Wall;

        public override long GetTimestamp() => Elapsed.Ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;
    }
}

public sealed class PrivacyOnSqliteTests(SqliteDatabase database) : PrivacyTests(database), IClassFixture<SqliteDatabase>;

public sealed class PrivacyOnPostgresTests(PostgresDatabase database) : PrivacyTests(database), IClassFixture<PostgresDatabase>;
