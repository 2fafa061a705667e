using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Participation.Inviting;
using PerceptionStudy.Server.Tests.Data;

namespace PerceptionStudy.Server.Tests.Participation.Inviting;

public sealed class PersonalLinksTests(SqliteDatabase database) : IClassFixture<SqliteDatabase>
{
    private IDbContextFactory<StudyDb> Databases => database.Services.GetRequiredService<IDbContextFactory<StudyDb>>();

    private PersonalLinks Links => new(Databases, TimeProvider.System);

    [Fact]
    public async Task Each_works_once_also_where_others_may_repeat_and_the_list_tells_who_used_it()
    {
        var study = await PublishAsync(d => d with { Recruitment = new() { OnlyWithId = true, AllowRepeats = true } });
        await Links.MakeAsync(study.Study.Id, ["Ada", null, " "]);
        var made = await Links.ListAsync(study.Study.Id);
        Assert.Equal(3, made.Select(l => l.Code).Distinct().Count());
        var ada = Assert.Single(made, l => l.Note == "Ada");

        await BeginAsync(study, ada.Code);
        var again = await Assert.ThrowsAsync<ParticipantRefusedException>(() => BeginAsync(study, ada.Code));
        Assert.Equal(409, again.Status);
        Assert.Equal(("P1", SessionState.Active), (await Links.ListAsync(study.Study.Id)).Where(l => l.Participant is not null).Select(l => (l.Participant, l.State!.Value)).Single());
    }

    [Fact]
    public async Task A_code_that_was_not_made_here_or_was_taken_back_opens_nothing()
    {
        var study = await PublishAsync();
        var elsewhere = await PublishAsync();
        await Links.MakeAsync(elsewhere.Study.Id, ["x"]);
        var foreign = (await Links.ListAsync(elsewhere.Study.Id)).Single().Code;
        foreach (var code in (string[])["guessed", foreign])
        {
            var refusal = await Assert.ThrowsAsync<ParticipantRefusedException>(() => BeginAsync(study, code));
            Assert.Equal(403, refusal.Status);
        }
        await Links.TakeBackAsync(elsewhere.Study.Id, foreign);
        await Assert.ThrowsAsync<ParticipantRefusedException>(() => BeginAsync(elsewhere, foreign));

        await Links.MakeAsync(study.Study.Id, [null]);
        var used = (await Links.ListAsync(study.Study.Id)).Single().Code;
        await BeginAsync(study, used);
        Assert.Equal("Somebody has begun with this link, so it stays.", (await Assert.ThrowsAsync<RefusedException>(() => Links.TakeBackAsync(study.Study.Id, used))).Message);
    }

    [Fact]
    public async Task Wrong_numbers_and_notes_are_refused()
    {
        var study = await PublishAsync();
        await Assert.ThrowsAsync<RefusedException>(() => Links.MakeAsync(study.Study.Id, []));
        await Assert.ThrowsAsync<RefusedException>(() => Links.MakeAsync(study.Study.Id, new string?[PersonalLinks.MostAtOnce + 1]));
        await Assert.ThrowsAsync<RefusedException>(() => Links.MakeAsync(study.Study.Id, [new string('x', 201)]));
        Assert.Empty(await Links.ListAsync(study.Study.Id));
    }

    [Fact]
    public async Task The_page_opens_by_a_link_that_is_known_counts_it_and_refuses_another()
    {
        await using var server = await database.StartServerAsync();
        var study = await PublishAsync(d => d with { Recruitment = new() { OnlyWithId = true } });
        await Links.MakeAsync(study.Study.Id, [null]);
        var code = (await Links.ListAsync(study.Study.Id)).Single().Code;
        Assert.Contains("id=\"consent\"", await server.Client.GetStringAsync($"/s/{study.LinkKey}?invite={code}"), StringComparison.Ordinal);
        foreach (var wrong in (string[])["", "?invite=guessed"])
            Assert.DoesNotContain("id=\"consent\"", await server.Client.GetStringAsync($"/s/{study.LinkKey}{wrong}"), StringComparison.Ordinal);
        await server.Services.GetRequiredService<DoorCounter>().FlushAsync();
        await using var db = server.OpenDatabase();
        Assert.Equal(1, (await db.Studies.SingleAsync(s => s.Id == study.Study.Id)).Opened);
        var file = await (await server.SignInAsync()).GetStringAsync($"/admin/studies/{study.Study.Id}/personal-links.csv");
        Assert.Contains($"{server.Address}s/{study.LinkKey}?invite={code}", file, StringComparison.Ordinal);
    }

    private Task<StartedSession> BeginAsync(TestStudy study, string code) => new SessionStart(Databases, TimeProvider.System)
        .StartAsync(new Arrival(study.LinkKey, study.Version.Id) { Recruiter = new RecruiterLink(RecruiterLink.Personal, code, null, null) });

    private async Task<TestStudy> PublishAsync(Func<Server.Studies.StudyDesign, Server.Studies.StudyDesign>? change = null)
    {
        await using var db = database.Open();
        return await TestStudy.PublishAsync(db, database.Services.GetRequiredService<BlobStore>(), change: change);
    }
}
