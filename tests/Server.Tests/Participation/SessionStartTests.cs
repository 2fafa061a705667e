using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Accounts.Auditing;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Server.Tests.Data;

namespace PerceptionStudy.Server.Tests.Participation;

public abstract class SessionStartTests(TestDatabase database)
{
    private readonly TestDatabase database = database.Need();

    private IDbContextFactory<StudyDb> Databases => database.Services.GetRequiredService<IDbContextFactory<StudyDb>>();

    private SessionStart Start => new(Databases, TimeProvider.System);

    private async Task<TestStudy> PublishAsync(int? places = null)
    {
        await using var db = database.Open();
        return await TestStudy.PublishAsync(db, database.Services.GetRequiredService<BlobStore>(), places: places);
    }

    [Fact]
    public async Task Stores_session_and_trials_and_only_the_hash_of_the_token()
    {
        var study = await PublishAsync();
        var started = await Start.StartAsync(study.LinkKey, study.Version.Id, "A browser");
        await using var db = database.Open();
        var session = await db.Sessions.Include(s => s.Trials).FirstAsync(s => s.Id == started.SessionId);
        Assert.Equal((1, ObserverType.Human, SessionState.Active, "A browser"), (session.Number, session.ObserverType, session.State, session.UserAgent));
        Assert.Equal(ParticipantToken.Sha256(started.Token), session.TokenSha256);
        Assert.Equal(64, session.ConsentSha256.Length);
        Assert.Equal(2 + 6 + 1, session.Trials.Count);
        Assert.Equal(Enumerable.Range(0, 9), session.Trials.Select(t => t.Position).Order());
        Assert.Equal(9, session.Trials.Select(t => t.StimulusKey).Distinct().Count());

        // The stored seed gives the same sequence again.
        var again = TrialSequence.Draw(study.Design, await TrialStimuli.LoadAsync(db, study.Design), new Dictionary<TrialCell, int>(), session.Seed);
        Assert.Equal(again.Select(t => (t.StimulusId, t.MaskSeed)), session.Trials.OrderBy(t => t.Position).Select(t => (t.StimulusId, t.MaskSeed)));
    }

    [Fact]
    public async Task The_next_session_takes_the_cells_that_were_used_least()
    {
        var study = await PublishAsync();
        for (var n = 0; n < 3; n++) await Start.StartAsync(study.LinkKey, study.Version.Id, null);
        await using var db = database.Open();
        // Six stimuli in three conditions are 18 cells; three sessions of six trials.
        var cells = await CellTallies.CountAsync(db, study.Version.Id, ObserverType.Human);
        Assert.Equal(18, cells.Values.Sum());
        Assert.InRange(cells.Count, 16, 18);
        Assert.All(cells.GroupBy(c => c.Key.Condition), g => Assert.Equal(6, g.Sum(c => c.Value)));
    }

    [Fact]
    public async Task A_metamer_rejected_after_publication_is_replaced_and_the_trial_marked()
    {
        var study = await PublishAsync();
        await using (var db = database.Open())
        {
            await db.Metamers.Where(m => study.Design.Metamers.Contains(m.StimulusId)).Unaudited("a test").ExecuteUpdateAsync(m => m.SetProperty(x => x.RejectedBecause, "too dark"));
        }
        var started = await Start.StartAsync(study.LinkKey, study.Version.Id, null);
        await using var fresh = database.Open();
        var trials = await fresh.Trials.Where(t => t.SessionId == started.SessionId && t.Phase == TrialPhase.Main && !t.IsCatch).ToListAsync();
        Assert.All(trials, t => Assert.Equal(t.NaturalStimulusId, t.StimulusId));
        Assert.Equal(4, trials.Count(t => t.Swapped));
        Assert.All(trials, t => Assert.Equal(t.ModelId is not null, t.Swapped));
    }

    [Fact]
    public async Task Of_two_at_the_same_time_on_the_last_place_exactly_one_gets_it()
    {
        for (var round = 0; round < 5; round++)
        {
            var study = await PublishAsync(places: 2);
            await Start.StartAsync(study.LinkKey, study.Version.Id, null);
            var start = Start;
            using var together = new Barrier(2);
            async Task<string?> TryAsync()
            {
                together.SignalAndWait();
                try
                {
                    await start.StartAsync(study.LinkKey, study.Version.Id, null);
                    return null;
                }
                catch (ParticipantRefusedException refused)
                {
                    return refused.Message;
                }
            }
            var outcomes = await Task.WhenAll(Task.Run(TryAsync), Task.Run(TryAsync));
            Assert.Equal("All places of this study are taken: thank you for your interest.", Assert.Single(outcomes, o => o is not null));
            await using var db = database.Open();
            Assert.Equal(2, await Places.CountTakenAsync(db, study.Study.Id));
        }
    }

    [Fact]
    public async Task Ten_at_the_same_time_get_ten_numbers()
    {
        var study = await PublishAsync(places: 10);
        var start = Start;
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(() => start.StartAsync(study.LinkKey, study.Version.Id, null))));
        await using var db = database.Open();
        Assert.Equal(Enumerable.Range(1, 10), await db.Sessions.Where(s => s.StudyVersionId == study.Version.Id).Select(s => s.Number).OrderBy(n => n).ToListAsync());
    }

    [Fact]
    public async Task Who_leaves_frees_the_place_and_synthetic_observers_take_none()
    {
        var study = await PublishAsync(places: 1);
        await Start.StartSyntheticAsync(study.Version.Id, seed: 5);
        var first = await Start.StartAsync(study.LinkKey, study.Version.Id, null);
        await Assert.ThrowsAsync<ParticipantRefusedException>(() => Start.StartAsync(study.LinkKey, study.Version.Id, null));
        await using var db = database.Open();
        await SessionEnd.WithdrawAsync(db, first.SessionId, TimeProvider.System);
        await Start.StartAsync(study.LinkKey, study.Version.Id, null);
    }

    [Fact]
    public async Task A_closed_a_changed_and_an_unknown_study_are_refused()
    {
        var study = await PublishAsync();
        Assert.Equal(404, (await Assert.ThrowsAsync<ParticipantRefusedException>(() => Start.StartAsync("nowhere", study.Version.Id, null))).Status);
        var changed = await Assert.ThrowsAsync<ParticipantRefusedException>(() => Start.StartAsync(study.LinkKey, Guid.NewGuid(), null));
        Assert.Contains("the study was changed", changed.Message, StringComparison.Ordinal);
        await using var db = database.Open();
        await db.Studies.Where(s => s.Id == study.Study.Id).Unaudited("a test").ExecuteUpdateAsync(s => s.SetProperty(x => x.State, StudyState.Closed));
        var closed = await Assert.ThrowsAsync<ParticipantRefusedException>(() => Start.StartAsync(study.LinkKey, study.Version.Id, null));
        Assert.Contains("not open", closed.Message, StringComparison.Ordinal);
    }
}

public sealed class SessionStartOnSqliteTests(SqliteDatabase database) : SessionStartTests(database), IClassFixture<SqliteDatabase>;

public sealed class SessionStartOnPostgresTests(PostgresDatabase database) : SessionStartTests(database), IClassFixture<PostgresDatabase>;
