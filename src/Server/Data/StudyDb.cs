using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Identity.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using PerceptionStudy.Server.Accounts;
using PerceptionStudy.Server.Accounts.Auditing;
using PerceptionStudy.Server.Analysis.Imports;
using PerceptionStudy.Server.Analysis.Results;
using PerceptionStudy.Server.Campaigns;
using PerceptionStudy.Server.Models;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Participation.Adaptive;
using PerceptionStudy.Server.Participation.Inviting;
using PerceptionStudy.Server.Stimuli;
using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Data;

/// <summary>The database. The two derived classes exist because each database has migrations of its own.</summary>
public abstract class StudyDb(DbContextOptions options) : IdentityDbContext<Researcher, IdentityRole<Guid>, Guid>(options)
{
    public DbSet<AuditEntry> AuditEntries => Set<AuditEntry>();
    public DbSet<ApiToken> ApiTokens => Set<ApiToken>();
    public DbSet<Invitation> Invitations => Set<Invitation>();
    public DbSet<RegisteredModel> Models => Set<RegisteredModel>();
    public DbSet<ModelStage> Stages => Set<ModelStage>();
    public DbSet<StimulusSet> StimulusSets => Set<StimulusSet>();
    public DbSet<Stimulus> Stimuli => Set<Stimulus>();
    public DbSet<Metamer> Metamers => Set<Metamer>();
    public DbSet<MetamerVerdict> MetamerVerdicts => Set<MetamerVerdict>();
    public DbSet<Campaign> Campaigns => Set<Campaign>();
    public DbSet<SynthesisJob> SynthesisJobs => Set<SynthesisJob>();
    public DbSet<Worker> Workers => Set<Worker>();
    public DbSet<StageNull> StageNulls => Set<StageNull>();
    public DbSet<ModelAnswer> ModelAnswers => Set<ModelAnswer>();
    public DbSet<ModelAccuracy> ModelAccuracies => Set<ModelAccuracy>();
    public DbSet<SignedInBrowser> SignedInBrowsers => Set<SignedInBrowser>();
    public DbSet<Study> Studies => Set<Study>();
    public DbSet<StudyMember> StudyMembers => Set<StudyMember>();
    public DbSet<StudyVersion> StudyVersions => Set<StudyVersion>();
    public DbSet<Session> Sessions => Set<Session>();
    public DbSet<Trial> Trials => Set<Trial>();
    public DbSet<CellTally> CellTallies => Set<CellTally>();
    public DbSet<AdaptiveDecision> AdaptiveDecisions => Set<AdaptiveDecision>();
    public DbSet<Response> Responses => Set<Response>();
    public DbSet<SessionEvent> SessionEvents => Set<SessionEvent>();
    public DbSet<Recruit> Recruits => Set<Recruit>();
    public DbSet<PersonalLink> PersonalLinks => Set<PersonalLink>();
    public DbSet<ResultLook> ResultLooks => Set<ResultLook>();
    public DbSet<ImportedStudy> ImportedStudies => Set<ImportedStudy>();
    public DbSet<SessionQuestionnaire> SessionQuestionnaires => Set<SessionQuestionnaire>();
    public DbSet<SessionHeadphones> SessionHeadphones => Set<SessionHeadphones>();
    public DbSet<SessionDigest> SessionDigests => Set<SessionDigest>();

    /// <summary>Seals and opens the recruiters' ids that its rows hold.</summary>
    public RecruiterIds RecruiterIds => this.GetService<RecruiterIds>();

    protected override void OnModelCreating(ModelBuilder builder)
    {
        base.OnModelCreating(builder);
        builder.ApplyConfigurationsFromAssembly(typeof(StudyDb).Assembly);
    }
}

/// <summary>The embedded default.</summary>
public sealed class SqliteStudyDb(DbContextOptions<SqliteStudyDb> options) : StudyDb(options)
{
    // SQLite has no time type: UTC text sorts and compares as times do.
    protected override void ConfigureConventions(ModelConfigurationBuilder conventions) =>
        conventions.Properties<DateTimeOffset>().HaveConversion<UtcText>();

    private sealed class UtcText() : ValueConverter<DateTimeOffset, DateTime>(
        time => time.UtcDateTime,
        stored => new DateTimeOffset(DateTime.SpecifyKind(stored, DateTimeKind.Utc)));
}

/// <summary>Production.</summary>
public sealed class PostgresStudyDb(DbContextOptions<PostgresStudyDb> options) : StudyDb(options);
