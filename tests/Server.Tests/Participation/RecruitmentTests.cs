using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Server.Tests.Data;
using PerceptionStudy.Shared;
using PerceptionStudy.Shared.Texts;

namespace PerceptionStudy.Server.Tests.Participation;

/// <summary>By the pages, as a browser without scripts would go: the recruiter's link, the ends, withdrawal.</summary>
public abstract partial class RecruitmentTests(TestDatabase database)
{
    private readonly TestDatabase database = database.Need();

    private async Task<TestStudy> PublishAsync(Func<StudyDesign, StudyDesign>? change = null, int? places = null)
    {
        await using var db = database.Open();
        return await TestStudy.PublishAsync(db, database.Services.GetRequiredService<BlobStore>(), places: places, change: change);
    }

    /// <summary>Opens the link, agrees, and gives where that leads.</summary>
    private static async Task<string> AgreeAsync(HttpClient browser, string link, bool statements = true)
    {
        var html = await browser.GetStringAsync(link);
        var form = Form().Match(html);
        Assert.True(form.Success, html);
        var fields = Hidden().Matches(html).ToDictionary(m => m.Groups["name"].Value, m => WebUtility.HtmlDecode(m.Groups["value"].Value));
        fields["statement-0"] = statements ? "yes" : "no";
        var reply = await browser.PostAsync(WebUtility.HtmlDecode(form.Groups[1].Value), new FormUrlEncodedContent(fields));
        return reply.Headers.Location!.ToString();
    }

    private async Task CompleteAsync(RunningServer server, Guid session)
    {
        await using var db = server.OpenDatabase();
        var trials = await db.Trials.Where(t => t.SessionId == session).Select(t => t.Id).ToListAsync();
        await server.Services.GetRequiredService<ReceiveResponse>().ReceiveAsync(session, trials.Select(id => Answers.Of(id, "cat")).ToList());
    }

    private static Guid SessionIn(string address) => Guid.Parse(address.Split('/')[2]);

    [Fact]
    public async Task What_the_server_refuses_it_says_in_the_language_of_the_study_or_else_of_the_browser()
    {
        await using var server = await database.UseServerAsync();
        var study = await PublishAsync(d => d with { Language = "de" });
        using var browser = server.NewClient();
        var session = SessionIn(await AgreeAsync(browser, $"/s/{study.LinkKey}"));
        var german = ParticipantTexts.In("de", null);

        var batch = JsonSerializer.Serialize([Answers.Of(Guid.NewGuid(), "cat")], WireJson.Default.TrialResponseArray);
        var receipt = JsonSerializer.Deserialize(await (await SendAsync(batch)).Content.ReadAsStringAsync(), WireJson.Default.BatchReceipt)!;
        Assert.Equal("Diese Aufgabe gehört nicht zu Ihrer Sitzung. Deshalb wurde die Antwort nicht gespeichert.", receipt.Refused.Single().Sentence);
        await RefusedAsync(await SendAsync("nothing that can be read"), HttpStatusCode.BadRequest, german.AnswerUnreadable);

        // Who does not hold the key is told nothing of the study, not even its language.
        using var stranger = server.NewClient();
        await RefusedAsync(await stranger.GetAsync($"/api/sessions/{session}"), HttpStatusCode.Unauthorized, ParticipantTexts.In("en", null).NotYourSessionWhy);
        stranger.DefaultRequestHeaders.AcceptLanguage.ParseAdd("de-AT,de;q=0.9");
        await RefusedAsync(await stranger.GetAsync($"/api/sessions/{session}"), HttpStatusCode.Unauthorized, german.NotYourSessionWhy);

        Task<HttpResponseMessage> SendAsync(string json) => browser.PostAsync($"/api/sessions/{session}/responses", new StringContent(json, new System.Net.Http.Headers.MediaTypeHeaderValue("application/json")));

        static async Task RefusedAsync(HttpResponseMessage reply, HttpStatusCode status, string sentence)
        {
            Assert.Equal(status, reply.StatusCode);
            Assert.Equal(sentence, JsonSerializer.Deserialize(await reply.Content.ReadAsStringAsync(), WireJson.Default.Refusal)!.Sentence);
        }
    }

    [Fact]
    public async Task Ids_are_taken_from_the_link_and_the_same_id_begins_once()
    {
        await using var server = await database.UseServerAsync();
        var study = await PublishAsync(d => d with { Ends = new() { Completed = new() { Code = "C7", ReturnPattern = "https://app.prolific.com/submissions/complete?cc={code}&p={participant}" } } });
        var link = $"/s/{study.LinkKey}?PROLIFIC_PID=p-1&STUDY_ID=st&SESSION_ID=su";
        using var browser = server.NewClient();
        var run = await AgreeAsync(browser, link);
        Assert.StartsWith("/run/", run, StringComparison.Ordinal);
        var session = SessionIn(run);
        await using var db = database.Open();
        var recruit = await db.Recruits.SingleAsync(r => r.SessionId == session);
        Assert.Equal(("Prolific", "p-1", "su", "st"), (recruit.Recruiter, db.RecruiterIds.Open(recruit.ParticipantId), db.RecruiterIds.Open(recruit.SubmissionId), recruit.ProjectId));

        using var other = server.NewClient();
        Assert.Contains("everybody can take part once", await other.GetStringAsync(link), StringComparison.Ordinal);
        // The database itself refuses, whatever the program does.
        db.Recruits.Add(new Recruit { SessionId = await AnySessionAsync(server, study), StudyId = study.Study.Id, Recruiter = "Prolific", IdSha256 = recruit.IdSha256 });
        await Assert.ThrowsAsync<DbUpdateException>(() => db.SaveChangesAsync());

        // No code and no way back before everything is there.
        var end = await browser.GetAsync($"/end/{session}");
        Assert.Equal(HttpStatusCode.Found, end.StatusCode);
        Assert.DoesNotContain("C7", await browser.GetStringAsync($"/api/sessions/{session}/completion"), StringComparison.Ordinal);
        await CompleteAsync(server, session);
        var thanks = WebUtility.HtmlDecode(await browser.GetStringAsync($"/end/{session}"));
        Assert.Contains("""id="completion-code">C7<""", thanks, StringComparison.Ordinal);
        Assert.Contains("https://app.prolific.com/submissions/complete?cc=C7&p=p-1", thanks, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Unauthorized, (await other.GetAsync($"/end/{session}")).StatusCode);
    }

    private static async Task<Guid> AnySessionAsync(RunningServer server, TestStudy study) =>
        (await server.Services.GetRequiredService<SessionStart>().StartAsync(study.LinkKey, study.Version.Id, null)).SessionId;

    [Fact]
    public async Task Of_ten_at_once_with_one_id_one_begins()
    {
        await using var server = await database.UseServerAsync();
        var study = await PublishAsync();
        var start = server.Services.GetRequiredService<SessionStart>();
        var arrival = new Arrival(study.LinkKey, study.Version.Id) { Recruiter = new RecruiterLink("MTurk", "w", "a", "h") };
        var begun = 0;
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(async () =>
        {
            try
            {
                await start.StartAsync(arrival);
                Interlocked.Increment(ref begun);
            }
            catch (ParticipantRefusedException refused)
            {
                Assert.Contains("everybody can take part once", refused.Message, StringComparison.Ordinal);
            }
        })));
        Assert.Equal(1, begun);
    }

    [Fact]
    public async Task Where_repeats_are_allowed_the_same_id_begins_again()
    {
        await using var server = await database.UseServerAsync();
        var study = await PublishAsync(d => d with { Recruitment = new() { AllowRepeats = true, IdParameter = "who" } });
        var link = $"/s/{study.LinkKey}?who=me";
        using var browser = server.NewClient();
        using var other = server.NewClient();
        await AgreeAsync(browser, link);
        await AgreeAsync(other, link);
        await using var db = database.Open();
        Assert.Equal([0, 1], await db.Recruits.Where(r => r.StudyId == study.Study.Id).Select(r => r.Repeat).Order().ToListAsync());
    }

    [Fact]
    public async Task Without_an_id_or_in_a_preview_nobody_begins()
    {
        await using var server = await database.UseServerAsync();
        var study = await PublishAsync(d => d with { Recruitment = new() { OnlyWithId = true } });
        Assert.Contains("only be begun from the site that invited you", await server.Client.GetStringAsync($"/s/{study.LinkKey}"), StringComparison.Ordinal);
        var preview = await server.Client.GetStringAsync($"/s/{study.LinkKey}?assignmentId=ASSIGNMENT_ID_NOT_AVAILABLE&hitId=h");
        Assert.Contains("accept the task first", preview, StringComparison.Ordinal);
        Assert.DoesNotContain("I agree and take part", preview, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ParticipantRefusedException>(() => AnySessionAsync(server, study));
    }

    [Fact]
    public async Task Screened_out_stopped_and_full_have_their_own_pages_and_take_no_place()
    {
        await using var server = await database.UseServerAsync();
        var study = await PublishAsync(d => d with
        {
            Recruitment = new() { Screening = ["I see well."] },
            Ends = new()
            {
                ScreenedOut = new() { Code = "SCREEN", Text = "Not this time." }, Left = new() { Code = "LEFT" }, Full = new() { Code = "FULL", ReturnPattern = "https://example.org/full?p={participant}" },
            },
        }, places: 1);
        using var first = server.NewClient();
        var out1 = await AgreeAsync(first, $"/s/{study.LinkKey}", statements: false);
        Assert.StartsWith("/end/", out1, StringComparison.Ordinal);
        var page = await first.GetStringAsync(out1);
        Assert.Contains("SCREEN", page, StringComparison.Ordinal);
        Assert.Contains("Not this time.", page, StringComparison.Ordinal);
        Assert.Contains("SCREEN", await first.GetStringAsync($"/s/{study.LinkKey}"), StringComparison.Ordinal);

        using var second = server.NewClient();
        var session = SessionIn(await AgreeAsync(second, $"/s/{study.LinkKey}"));
        using var third = server.NewClient();
        var full = await third.GetStringAsync($"/s/{study.LinkKey}?PROLIFIC_PID=a%2Fb");
        Assert.Contains("FULL", full, StringComparison.Ordinal);
        Assert.Contains("https://example.org/full?p=a%2Fb", full, StringComparison.Ordinal);
        (await second.PostAsync($"/api/sessions/{session}/leaving", null)).EnsureSuccessStatusCode();
        Assert.Contains("LEFT", await second.GetStringAsync($"/end/{session}"), StringComparison.Ordinal);
        Assert.StartsWith("/run/", await AgreeAsync(third, $"/s/{study.LinkKey}"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(WithdrawalPolicy.Delete)]
    [InlineData(WithdrawalPolicy.Keep)]
    public async Task The_withdraw_code_works_after_the_end_by_the_policy_that_was_read(WithdrawalPolicy policy)
    {
        await using var server = await database.UseServerAsync();
        var study = await PublishAsync(d => d with { Withdrawal = policy });
        using var browser = server.NewClient();
        var link = $"/s/{study.LinkKey}?PROLIFIC_PID=p";
        Assert.Contains(policy == WithdrawalPolicy.Delete ? "your answers are then deleted" : "the answers that were stored stay", await browser.GetStringAsync(link), StringComparison.Ordinal);
        var session = SessionIn(await AgreeAsync(browser, link));
        await CompleteAsync(server, session);
        var code = WithdrawCode().Match(await browser.GetStringAsync($"/end/{session}")).Groups[1].Value;

        using var later = server.NewClient();
        Assert.Contains("no session with this code", WebUtility.HtmlDecode(await (await later.SendFormAsync("/withdraw", new() { ["Form.Code"] = "AAAAA-AAAAA" })).Content.ReadAsStringAsync()), StringComparison.Ordinal);
        for (var twice = 0; twice < 2; twice++)
            Assert.Contains("You have withdrawn", await (await later.SendFormAsync("/withdraw", new() { ["Form.Code"] = code.ToLowerInvariant() })).Content.ReadAsStringAsync(), StringComparison.Ordinal);

        await using var db = database.Open();
        var stored = await db.Sessions.AsNoTracking().SingleAsync(s => s.Id == session);
        var answers = await db.Responses.CountAsync(r => db.Trials.Any(t => t.Id == r.TrialId && t.SessionId == session));
        Assert.Equal(policy == WithdrawalPolicy.Delete ? (SessionState.Withdrawn, 0) : (SessionState.Completed, 9), (stored.State, answers));
        Assert.Null((await db.Recruits.SingleAsync(r => r.SessionId == session)).ParticipantId);
        var happened = Assert.Single(await db.SessionEvents.Where(e => e.SessionId == session).ToListAsync());
        Assert.Equal((SessionEventKind.Withdrawn, policy == WithdrawalPolicy.Delete ? "answers deleted" : "answers kept"), (happened.Kind, happened.Detail));
        // Also then the id cannot begin again.
        Assert.Contains("everybody can take part once", await later.GetStringAsync(link), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Coming_back_is_marked_within_the_time_and_refused_after_it_or_when_the_place_is_gone()
    {
        await using var server = await database.UseServerAsync();
        var study = await PublishAsync(d => d with { Resume = new() { WithinHours = 5 }, Recruitment = new() { PlaceExpiresAfterMinutes = 30 } }, places: 1);
        using var browser = server.NewClient();
        var session = SessionIn(await AgreeAsync(browser, $"/s/{study.LinkKey}"));
        (await browser.PostAsync($"/api/sessions/{session}/resumption", null)).EnsureSuccessStatusCode();
        await using var db = database.Open();
        Assert.Equal(1, await db.Sessions.Where(s => s.Id == session).Select(s => s.Resumptions).SingleAsync());

        // Silent for an hour: somebody else gets the place.
        await SilentForAsync(1);
        var second = await AnySessionAsync(server, study);
        var gone = await browser.PostAsync($"/api/sessions/{session}/resumption", null);
        Assert.Equal(HttpStatusCode.Conflict, gone.StatusCode);
        Assert.Contains("given to somebody else", await gone.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("place was given back", await browser.GetStringAsync($"/end/{session}"), StringComparison.Ordinal);
        // An answer that was on its way is stored nevertheless.
        var trial = await db.Trials.Where(t => t.SessionId == session).Select(t => t.Id).FirstAsync();
        await server.Services.GetRequiredService<ReceiveResponse>().ReceiveAsync(session, Answers.Of(trial, "cat"));

        await SessionEnd.LeaveAsync(db, second, TimeProvider.System);
        (await browser.PostAsync($"/api/sessions/{session}/resumption", null)).EnsureSuccessStatusCode();
        await SilentForAsync(6);
        Assert.Contains("too long ago", await (await browser.PostAsync($"/api/sessions/{session}/resumption", null)).Content.ReadAsStringAsync(), StringComparison.Ordinal);

        Task SilentForAsync(int hours) => db.Sessions.Where(s => s.Id == session)
            .ExecuteUpdateAsync(s => s.SetProperty(x => x.LastSeenAt, TimeProvider.System.GetUtcNow().AddHours(-hours)));
    }

    [Fact]
    public async Task All_pictures_of_a_session_have_one_length_form_and_set_of_headers()
    {
        await using var server = await database.UseServerAsync();
        var study = await PublishAsync();
        await using var db = database.Open();
        var session = await AnySessionAsync(server, study);
        var trials = await db.Trials.Where(t => t.SessionId == session).OrderBy(t => t.Position).ToListAsync();
        Assert.Contains(trials, t => t.IsCatch);
        var seen = new HashSet<string>();
        foreach (var trial in trials)
        {
            var reply = await server.Client.GetAsync($"/stimuli/{trial.StimulusKey}");
            var bytes = await reply.Content.ReadAsByteArrayAsync();
            var headers = reply.Headers.Concat(reply.Content.Headers).Where(h => h.Key is not ("Date" or "Repr-Digest")).Select(h => $"{h.Key}: {string.Join(',', h.Value)}");
            // Signature, header and the beginning of the only data chunk.
            seen.Add($"{bytes.Length} {Convert.ToHexString(bytes.AsSpan(0, 41))} {string.Join('|', headers.Order(StringComparer.Ordinal))}");
        }
        Assert.Single(seen);
    }

    [Fact]
    public async Task The_first_page_weighs_less_than_100_kB_with_all_that_it_needs()
    {
        await using var server = await database.UseServerAsync();
        var study = await PublishAsync();
        var html = await server.Client.GetByteArrayAsync($"/s/{study.LinkKey}");
        var bytes = html.Length;
        foreach (Match part in Part().Matches(System.Text.Encoding.UTF8.GetString(html))) bytes += (await server.Client.GetByteArrayAsync(part.Groups[1].Value)).Length;
        Assert.InRange(bytes, 1000, 100_000);
    }

    [GeneratedRegex("""(?:src|href)="([^"]+[.](?:js|css))["]""")]
    private static partial Regex Part();

    [GeneratedRegex("""<form method="post" action="([^"]*)" id="consent">""")]
    private static partial Regex Form();

    [GeneratedRegex("""<input type="hidden" name="(?<name>[^"]+)" value="(?<value>[^"]*)" ?/?>""")]
    private static partial Regex Hidden();

    [GeneratedRegex("""id="withdraw-code">([^<]*)<""")]
    private static partial Regex WithdrawCode();
}

public sealed class RecruitmentOnSqliteTests(SqliteDatabase database) : RecruitmentTests(database), IClassFixture<SqliteDatabase>;

public sealed class RecruitmentOnPostgresTests(PostgresDatabase database) : RecruitmentTests(database), IClassFixture<PostgresDatabase>;
