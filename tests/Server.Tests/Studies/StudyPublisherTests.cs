using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Accounts.Auditing;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Server.Tests.Data;

namespace PerceptionStudy.Server.Tests.Studies;

public abstract class StudyPublisherTests(TestDatabase database)
{
    private readonly TestDatabase database = database.Need();

    private IDbContextFactory<StudyDb> Databases => database.Services.GetRequiredService<IDbContextFactory<StudyDb>>();

    private StudyPublisher Publisher => Publishing.PublisherOf(database.Services);

    private StudyDrafts Drafts => new(Databases, TimeProvider.System);

    [Fact]
    public async Task Publishing_freezes_the_design_with_the_metamers_accepted_now()
    {
        var world = await NewWorldAsync();
        var study = await Drafts.CreateAsync("Frozen", world.MetamerSets, mainTrials: 8);
        var left = world.StandardSet.Stimuli.First(s => study.Draft.NaturalStimuli.Contains(s.Metamer!.NaturalStimulusId));
        await RejectAsync(left.Id);

        var version = await Publisher.PublishAsync(study.Id);

        await using var db = database.Open();
        var stored = await db.StudyVersions.SingleAsync(v => v.StudyId == study.Id);
        Assert.Equal(StudyState.Open, (await db.Studies.SingleAsync(s => s.Id == study.Id)).State);
        Assert.Equal(1, stored.Number);
        Assert.Equal(version.DesignJson, stored.DesignJson);
        Assert.Equal(CanonicalJson.Sha256(stored.DesignJson), stored.DesignSha256);
        // 8 natural stimuli at 2 x 3 stages, less the one left out.
        Assert.Equal(8 * 6 - 1, stored.Design.Metamers.Length);
        Assert.DoesNotContain(left.Id, stored.Design.Metamers);

        await RejectAsync(stored.Design.Metamers[0]);
        await using var later = database.Open();
        Assert.Equal(stored.DesignJson, (await later.StudyVersions.SingleAsync(v => v.StudyId == study.Id)).DesignJson);
    }

    [Fact]
    public async Task Publishing_lets_the_models_answer_everything_that_is_shown()
    {
        var world = await NewWorldAsync();
        var study = await Drafts.CreateAsync("Asked", world.MetamerSets, mainTrials: 8);
        var jobs = new QueuedJobs();
        var design = (await Publishing.PublisherOf(database.Services, jobs).PublishAsync(study.Id)).Design;

        var asked = jobs.SelectMany(job => from model in (Guid[])job.Args[0] from stimulus in (Guid[])job.Args[1] select (model, stimulus)).ToList();
        Assert.Equal(
            (from model in world.Models from stimulus in design.NaturalStimuli.Concat(design.Metamers) select (model.Id, stimulus)).Order(),
            asked.Order());
        await using var db = database.Open();
        Assert.Equal(asked.Count, await StudyAnswers.CountMissingAsync(db, design));

        await world.AnswerAsync(db, (_, _) => true);
        jobs.Clear();
        await Publishing.PublisherOf(database.Services, jobs).PublishAsync(study.Id);
        Assert.Empty(jobs);
        Assert.Equal(0, await StudyAnswers.CountMissingAsync(db, design));
    }

    [Fact]
    public async Task The_same_design_makes_no_second_version_and_an_edit_makes_one()
    {
        var world = await NewWorldAsync();
        var study = await Drafts.CreateAsync("Twice", world.MetamerSets, mainTrials: 8);
        var first = await Publisher.PublishAsync(study.Id);
        var again = await Publisher.PublishAsync(study.Id);
        Assert.Equal(first.Id, again.Id);

        await Drafts.SaveAsync(study.Id, "Twice", study.Draft with { Thanks = "Goodbye." }, places: 5, listed: true);
        var second = await Publisher.PublishAsync(study.Id);
        Assert.Equal(2, second.Number);
        Assert.NotEqual(first.DesignSha256, second.DesignSha256);

        await Drafts.SaveAsync(study.Id, "Twice", study.Draft, places: 5, listed: true);
        Assert.Equal(first.DesignSha256, (await Publisher.PublishAsync(study.Id)).DesignSha256);
    }

    [Fact]
    public async Task A_study_without_accepted_metamers_is_refused_and_stays_a_draft()
    {
        var world = await NewWorldAsync(accepted: false);
        var study = await Drafts.CreateAsync("Poor", world.MetamerSets);
        var refusal = await Assert.ThrowsAsync<DesignRefusedException>(() => Publisher.PublishAsync(study.Id));
        Assert.StartsWith("This study has no accepted metamers", Assert.Single(refusal.Problems, p => p.Sentence.Contains("accepted", StringComparison.Ordinal)).Sentence, StringComparison.Ordinal);

        await using var db = database.Open();
        Assert.Equal(StudyState.Draft, (await db.Studies.SingleAsync(s => s.Id == study.Id)).State);
        Assert.False(await db.StudyVersions.AnyAsync(v => v.StudyId == study.Id));
    }

    [Fact]
    public async Task Closing_and_reopening_keep_the_version()
    {
        var world = await NewWorldAsync();
        var study = await Drafts.CreateAsync("Door", world.MetamerSets, mainTrials: 8);
        await Assert.ThrowsAsync<RefusedException>(() => Publisher.ReopenAsync(study.Id));
        await Publisher.PublishAsync(study.Id);
        await Publisher.CloseAsync(study.Id);
        await Assert.ThrowsAsync<RefusedException>(() => Publisher.CloseAsync(study.Id));
        await Publisher.ReopenAsync(study.Id);

        await using var db = database.Open();
        Assert.Equal(StudyState.Open, (await db.Studies.SingleAsync(s => s.Id == study.Id)).State);
        Assert.Equal(1, await db.StudyVersions.CountAsync(v => v.StudyId == study.Id));
    }

    [Fact]
    public async Task A_study_is_paused_closed_and_archived_in_this_order_only()
    {
        var world = await NewWorldAsync();
        var study = await Drafts.CreateAsync("States", world.MetamerSets, mainTrials: 8);
        await Assert.ThrowsAsync<RefusedException>(() => Publisher.PauseAsync(study.Id));
        await Publisher.PublishAsync(study.Id);
        await Assert.ThrowsAsync<RefusedException>(() => Publisher.ArchiveAsync(study.Id));
        await Publisher.PauseAsync(study.Id);
        await Assert.ThrowsAsync<RefusedException>(() => Publisher.PauseAsync(study.Id));
        await Publisher.ReopenAsync(study.Id);
        await Publisher.PauseAsync(study.Id);
        await Publisher.CloseAsync(study.Id);
        await Publisher.ArchiveAsync(study.Id);
        await Assert.ThrowsAsync<RefusedException>(() => Publisher.ReopenAsync(study.Id));
        await Publisher.CloseAsync(study.Id);
        await using var db = database.Open();
        Assert.Equal(StudyState.Closed, (await db.Studies.SingleAsync(s => s.Id == study.Id)).State);
    }

    [Fact]
    public async Task Who_saves_after_somebody_else_overwrites_nothing()
    {
        var world = await NewWorldAsync();
        var study = await Drafts.CreateAsync("Two at once", world.MetamerSets, mainTrials: 8);
        var first = await Drafts.SaveAsync(study.Id, "One", study.Draft with { Thanks = "One." }, places: 1, listed: false, study.DraftRevision);
        var refusal = await Assert.ThrowsAsync<RefusedException>(() => Drafts.SaveAsync(study.Id, "Two", study.Draft with { Thanks = "Two." }, places: 2, listed: true, study.DraftRevision));
        Assert.Contains("has saved this study", refusal.Message, StringComparison.Ordinal);
        await Drafts.SaveAsync(study.Id, "One again", study.Draft with { Thanks = "One again." }, places: 1, listed: false, first);
        await using var db = database.Open();
        var stored = await db.Studies.SingleAsync(s => s.Id == study.Id);
        Assert.Equal(("One again", "One again.", 1, false), (stored.Name, stored.Draft.Thanks, stored.Places, stored.ListedOnHomePage));
    }

    [Fact]
    public async Task A_copy_has_the_settings_and_nothing_else()
    {
        var world = await NewWorldAsync();
        var study = await Drafts.CreateAsync("Original", world.MetamerSets, mainTrials: 8);
        await Drafts.SaveAsync(study.Id, "Original", study.Draft with { CatchTrials = 3 }, places: 7, listed: true);
        await Publisher.PublishAsync(study.Id);
        var copy = await Drafts.CopyAsync(study.Id, " Copy ");
        Assert.Equal(CanonicalJson.Of(study.Draft with { CatchTrials = 3, Title = "Copy" }), CanonicalJson.Of(copy.Draft));
        Assert.Equal(("Copy", StudyState.Draft, null, false), (copy.Name, copy.State, copy.Places, copy.ListedOnHomePage));
        Assert.NotEqual(study.LinkKey, copy.LinkKey);
        await Assert.ThrowsAsync<RefusedException>(() => Drafts.CopyAsync(Guid.NewGuid(), "Nothing"));
    }

    [Fact]
    public async Task Only_drafts_can_be_deleted()
    {
        var world = await NewWorldAsync();
        var draft = await Drafts.CreateAsync("Draft", world.MetamerSets, mainTrials: 8);
        var published = await Drafts.CreateAsync("Published", world.MetamerSets, mainTrials: 8);
        await Publisher.PublishAsync(published.Id);

        await Drafts.DeleteAsync(draft.Id);
        await Assert.ThrowsAsync<RefusedException>(() => Drafts.DeleteAsync(published.Id));
        await using var db = database.Open();
        Assert.Equal([published.Id], await db.Studies.Where(s => s.Id == draft.Id || s.Id == published.Id).Select(s => s.Id).ToListAsync());
    }

    [Fact]
    public async Task Where_two_sets_hold_the_same_cell_the_earlier_set_counts()
    {
        var world = await NewWorldAsync();
        await using var db = database.Open();
        var material = await StudyMaterial.LoadAsync(db, world.MetamerSets, []);
        var twice = new StudyMaterial([.. material.Naturals.Values],
            [.. material.Metamers, .. material.Metamers.Select(m => m with { Id = Guid.CreateVersion7() })], material.Models);
        var draft = StudyTemplate.Draft(twice, "A study", world.MetamerSets, 8);
        Assert.Equal(StudyPublisher.Freeze(draft, material).Metamers, StudyPublisher.Freeze(draft, twice).Metamers);
    }

    private async Task<StudyWorld> NewWorldAsync(bool accepted = true)
    {
        await using var db = database.Open();
        return await StudyWorld.Create(suffix: " " + Guid.CreateVersion7(), accepted: (_, _, _) => accepted).SaveAsync(db);
    }

    private async Task RejectAsync(Guid stimulus)
    {
        await using var db = database.Open();
        await db.Metamers.Where(m => m.StimulusId == stimulus).Unaudited("a test").ExecuteUpdateAsync(m => m.SetProperty(x => x.RejectedBecause, "too noisy"));
    }
}

public sealed class StudyPublisherOnSqliteTests(SqliteDatabase database) : StudyPublisherTests(database), IClassFixture<SqliteDatabase>;

public sealed class StudyPublisherOnPostgresTests(PostgresDatabase database) : StudyPublisherTests(database), IClassFixture<PostgresDatabase>;
