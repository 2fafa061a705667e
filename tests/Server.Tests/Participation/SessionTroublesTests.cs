using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Tests.Data;

namespace PerceptionStudy.Server.Tests.Participation;

public sealed class SessionTroublesTests(SqliteDatabase database) : IClassFixture<SqliteDatabase>
{
    [Fact]
    public async Task A_picture_that_could_not_be_loaded_is_noted_once_without_its_address()
    {
        await using var server = await database.StartServerAsync();
        var (session, trials) = await BeginAsync();
        for (var time = 0; time < 3; time++)
        {
            var reply = await server.Client.PostAsync($"/stimuli/{trials[2].StimulusKey}/failure", new StringContent($"/stimuli/{trials[2].StimulusKey}: 503\nnot there"));
            Assert.Equal(HttpStatusCode.NoContent, reply.StatusCode);
        }
        Assert.Equal(HttpStatusCode.NotFound, (await server.Client.PostAsync("/stimuli/nobody/failure", new StringContent("x"))).StatusCode);
        Assert.Equal([(SessionEventKind.PictureFailed, "trial 2: the picture: 503 not there")], await EventsAsync(session));
    }

    [Fact]
    public async Task A_browser_gone_wild_fills_no_database()
    {
        await using var server = await database.StartServerAsync();
        var (session, trials) = await BeginAsync();
        for (var n = 0; n < 30; n++) await server.Client.PostAsync($"/stimuli/{trials[0].StimulusKey}/failure", new StringContent(new string('x', 10_000) + n));
        for (var n = 0; n < 30; n++) await server.Client.PostAsync($"/stimuli/{trials[0].StimulusKey}/failure", new StringContent($"reason {n}"));
        var noted = await EventsAsync(session);
        Assert.Equal(20, noted.Count);
        Assert.All(noted, e => Assert.InRange(e.Detail!.Length, 1, 320));
    }

    [Fact]
    public async Task A_refused_answer_is_noted_without_what_was_answered_and_a_late_one_is_not()
    {
        var (session, trials) = await BeginAsync();
        var databases = database.Services.GetRequiredService<IDbContextFactory<StudyDb>>();
        var receive = new ReceiveResponse(databases, new PublishedDesigns(), TimeProvider.System);
        for (var time = 0; time < 2; time++) await receive.ReceiveAsync(session, [Answers.Of(trials[0].Id, "my secret"), Answers.Of(trials[1].Id, "cat")]);
        Assert.Equal([(SessionEventKind.AnswerRefused, "An answer is not one of the choices of this study, so the answer was not stored.")], await EventsAsync(session));

        await using var db = database.Open();
        await SessionEnd.WithdrawAsync(db, session, TimeProvider.System);
        await receive.ReceiveAsync(session, [Answers.Of(trials[2].Id, "cat")]);
        Assert.Single(await EventsAsync(session), e => e.Kind == SessionEventKind.AnswerRefused);
    }

    private async Task<(Guid Session, List<Trial> Trials)> BeginAsync()
    {
        await using var db = database.Open();
        var study = await TestStudy.PublishAsync(db, database.Services.GetRequiredService<BlobStore>());
        using var start = new SessionStart(database.Services.GetRequiredService<IDbContextFactory<StudyDb>>(), TimeProvider.System);
        var session = (await start.StartAsync(study.LinkKey, study.Version.Id, "test")).SessionId;
        return (session, await db.Trials.AsNoTracking().Where(t => t.SessionId == session).OrderBy(t => t.Position).ToListAsync());
    }

    private async Task<List<(SessionEventKind Kind, string? Detail)>> EventsAsync(Guid session)
    {
        await using var db = database.Open();
        return [.. (await db.SessionEvents.Where(e => e.SessionId == session).OrderBy(e => e.At).ToListAsync()).Select(e => (e.Kind, e.Detail))];
    }
}
