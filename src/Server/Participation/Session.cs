using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PerceptionStudy.Server.Campaigns;
using PerceptionStudy.Server.Models;
using PerceptionStudy.Server.Stimuli;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Shared.Trials;

namespace PerceptionStudy.Server.Participation;

public enum ObserverType
{
    Human,
    Synthetic,

    /// <summary>A researcher who tries a draft as a participant: takes no place, and enters nothing.</summary>
    Preview,
}

/// <summary>
/// Where a session stands. Only active and completed ones hold a place and their cells of the design: all other states give both back.
/// </summary>
public enum SessionState
{
    Active,

    /// <summary>Every planned answer is stored.</summary>
    Completed,

    /// <summary>Withdrew, and the answers were deleted.</summary>
    Withdrawn,

    /// <summary>Stopped early; the answers are kept.</summary>
    Left,

    /// <summary>Too few practice trials were right.</summary>
    FailedGate,

    /// <summary>Did not pass the headphone check; no trial was shown.</summary>
    FailedHeadphones,

    /// <summary>Did not meet the conditions of taking part; nothing was shown.</summary>
    ScreenedOut,

    /// <summary>Silent for so long that the place was given back. It can be gone on with while there is a free place.</summary>
    Expired,

    /// <summary>Left out by a researcher, who said why.</summary>
    Excluded,
}

/// <summary>One participant's run through a study version.</summary>
public sealed class Session
{
    public Guid Id { get; set; }
    public Guid StudyVersionId { get; set; }

    /// <summary>1, 2, 3, … within the study version, in the order of consent: the participant's name in every table.</summary>
    public int Number { get; set; }

    /// <summary>Synthetic observers are simulated, previews are tries; neither is ever mixed with people.</summary>
    public ObserverType ObserverType { get; set; }

    public SessionState State { get; set; }

    /// <summary>Hash of the token that the browser holds; the token itself is not kept.</summary>
    public required string TokenSha256 { get; set; }

    /// <summary>Seed of the trial sequence.</summary>
    public int Seed { get; set; }

    /// <summary>Hash of the consent text that was agreed to.</summary>
    public required string ConsentSha256 { get; set; }

    public DateTimeOffset StartedAt { get; set; }
    public DateTimeOffset LastSeenAt { get; set; }
    public DateTimeOffset? CompletedAt { get; set; }

    /// <summary>Given out only when every planned response is stored.</summary>
    public string? CompletionCode { get; set; }

    /// <summary>With this code the participant can withdraw later; shown at the end.</summary>
    public required string WithdrawCode { get; set; }

    /// <summary>How often it was interrupted and gone on with.</summary>
    public int Resumptions { get; set; }

    public string? UserAgent { get; set; }

    /// <summary>Whether a rule of the design leaves the completed session out and the study gives its place on; null while nobody has judged.</summary>
    public bool? PlaceGivenBack { get; set; }

    /// <summary>Whether its cells are in the tallies (<see cref="CellTally"/>).</summary>
    public bool CellsTallied { get; set; }

    /// <summary>Whether they should be and are not, or the other way round; computed by the database.</summary>
    public bool TallyIsDue { get; private set; }

    public List<Trial> Trials { get; } = [];
}

public enum TrialPhase { Practice, Main }

/// <summary>One planned trial. Condition, right category and catch flag never leave the server.</summary>
public sealed class Trial
{
    public Guid Id { get; set; }
    public Guid SessionId { get; set; }

    /// <summary>Order within the session, from 0, practice first; what is shown again is numbered after everything planned.</summary>
    public int Position { get; set; }

    public TrialPhase Phase { get; set; }
    public bool IsCatch { get; set; }

    /// <summary>Whether it is a practice trial without feedback, which counts for the gate.</summary>
    public bool IsScored { get; set; }

    /// <summary>What is shown or played; null for a catch trial that shows a category's icon, and while a metamer made on demand is not settled.</summary>
    public Guid? StimulusId { get; set; }

    /// <summary>The natural stimulus behind it; null for a catch trial.</summary>
    public Guid? NaturalStimulusId { get; set; }

    /// <summary>The condition drawn: generating model and stage, both null for natural.</summary>
    public Guid? ModelId { get; set; }

    public Guid? StageId { get; set; }

    /// <summary>The loss level of the condition drawn; 0 for finished metamers, natural and catch trials.</summary>
    public double LossLevel { get; set; }

    public StudyCondition Condition => new(ModelId, StageId, LossLevel);

    /// <summary>True where the metamer of the drawn condition was not accepted, so that the natural stimulus is shown instead.</summary>
    public bool Swapped { get; set; }

    /// <summary>Whether what it shows is still open: until the browser asks for its picture, it may change places with later trials of its block.</summary>
    public bool IsOpen { get; set; }

    /// <summary>Whether the metamers of the drawn condition are made on demand.</summary>
    public bool OnDemand { get; set; }

    /// <summary>The synthesis that made what is shown on demand.</summary>
    public Guid? SynthesisJobId { get; set; }

    /// <summary>What was shown instead of a metamer made on demand; null where nothing was.</summary>
    public OnDemandFallback? Fallback { get; set; }

    /// <summary>How long the browser was kept waiting for the picture until it was settled what is shown, in ms; null where that was settled before the session.</summary>
    public double? WaitedMs { get; set; }

    public required string CorrectCategory { get; set; }

    /// <summary>Random part of the stimulus's address for this trial alone, so that addresses tell nothing.</summary>
    public required string StimulusKey { get; set; }

    public int MaskSeed { get; set; }

    /// <summary>What can be answered, in the order of the response screen, where the design draws choices for each trial; otherwise null.</summary>
    public string[]? Choices { get; set; }

    /// <summary>The trial that this one shows once more because its timing was bad; null for a planned one.</summary>
    public Guid? RepeatOf { get; set; }

    public Response? Response { get; set; }

    /// <summary>What this trial shows in a new trial, with another key, address and mask.</summary>
    public Trial ShownAgain(int position) => new()
    {
        Id = Guid.NewGuid(),
        StimulusKey = RandomNumberGenerator.GetHexString(32, lowercase: true),
        SessionId = SessionId,
        Position = position,
        Phase = Phase,
        IsCatch = IsCatch,
        IsScored = IsScored,
        StimulusId = StimulusId,
        NaturalStimulusId = NaturalStimulusId,
        ModelId = ModelId,
        StageId = StageId,
        LossLevel = LossLevel,
        Swapped = Swapped,
        OnDemand = OnDemand,
        SynthesisJobId = SynthesisJobId,
        Fallback = Fallback,
        CorrectCategory = CorrectCategory,
        Choices = Choices,
        // A step of a linear congruential generator (Numerical Recipes' constants).
        MaskSeed = unchecked(MaskSeed * 1_664_525 + 1_013_904_223),
    };
}

/// <summary>What a participant answered: one row under the trial's key, written once.</summary>
public sealed class Response
{
    public Guid TrialId { get; set; }

    public ResponseKind Kind { get; set; }

    /// <summary>What was chosen; null if it was "don't know", time ran out, or the trial was interrupted.</summary>
    public string? Choice { get; set; }

    /// <summary>Judged on the server.</summary>
    public bool Correct { get; set; }

    /// <summary>From the onset of the response screen, ms.</summary>
    public double? ReactionTimeMs { get; set; }

    /// <summary>Confidence from 1 to the design's number of levels; null where it was not asked.</summary>
    public int? Confidence { get; set; }

    /// <summary>From the onset of the rating, ms.</summary>
    public double? ConfidenceTimeMs { get; set; }

    /// <summary>The presenter's timing record, as JSON.</summary>
    public required string TimingJson { get; set; }

    public DateTimeOffset ReceivedAt { get; set; }
}

/// <summary>
/// A completed session's trials in a few bytes each, made from <see cref="Trial"/> and <see cref="Response"/> so that results need not read those
/// row by row. It holds nothing of its own and may be deleted at any time; it goes when the answers go.
/// </summary>
public sealed class SessionDigest
{
    public Guid SessionId { get; set; }

    /// <summary>Of the bytes: another format is made anew.</summary>
    public int Format { get; set; }

    public required byte[] Trials { get; set; }

    /// <summary>Name of the rule of the design that leaves the session out; null for none.</summary>
    public string? ExcludedBecause { get; set; }

    /// <summary>Share of its trials with bad timing, those left out that were shown once more; 0 without any.</summary>
    public double BadTrials { get; set; }
}

internal sealed class SessionConfiguration :
    IEntityTypeConfiguration<Session>, IEntityTypeConfiguration<Trial>, IEntityTypeConfiguration<Response>, IEntityTypeConfiguration<SessionDigest>
{
    public void Configure(EntityTypeBuilder<Session> session)
    {
        session.Property(s => s.State).HasConversion<string>().HasMaxLength(16);
        session.Property(s => s.ObserverType).HasConversion<string>().HasMaxLength(16);
        session.HasIndex(s => s.TokenSha256).IsUnique();
        session.Property(s => s.WithdrawCode).HasMaxLength(16);
        session.HasIndex(s => s.WithdrawCode).IsUnique();
        session.HasIndex(s => new { s.StudyVersionId, s.Number }).IsUnique();
        session.Property(s => s.TallyIsDue).HasComputedColumnSql("""("State" IN ('Active', 'Completed') AND NOT COALESCE("PlaceGivenBack", FALSE)) <> "CellsTallied" """, stored: true);
        // Few rows each, however many have taken part.
        session.HasIndex(s => s.StudyVersionId, "IX_Sessions_TallyIsDue").HasFilter("\"TallyIsDue\"");
        session.HasIndex(s => s.StudyVersionId, "IX_Sessions_Active").HasFilter("\"State\" = 'Active'");
        session.HasOne<StudyVersion>().WithMany().HasForeignKey(s => s.StudyVersionId).OnDelete(DeleteBehavior.Restrict);
        session.HasMany(s => s.Trials).WithOne().HasForeignKey(t => t.SessionId).OnDelete(DeleteBehavior.Cascade);
    }

    public void Configure(EntityTypeBuilder<Trial> trial)
    {
        trial.Ignore(t => t.Condition);
        trial.Property(t => t.Phase).HasConversion<string>().HasMaxLength(16);
        trial.Property(t => t.Fallback).HasConversion<string>().HasMaxLength(16);
        trial.HasIndex(t => new { t.SessionId, t.Position }).IsUnique();
        trial.HasIndex(t => t.StimulusKey).IsUnique();
        // A trial is shown once more at most.
        trial.HasIndex(t => t.RepeatOf).IsUnique();
        trial.HasOne<Stimulus>().WithMany().HasForeignKey(t => t.StimulusId).OnDelete(DeleteBehavior.Restrict);
        trial.HasOne<Stimulus>().WithMany().HasForeignKey(t => t.NaturalStimulusId).OnDelete(DeleteBehavior.Restrict);
        trial.HasOne<SynthesisJob>().WithMany().HasForeignKey(t => t.SynthesisJobId).OnDelete(DeleteBehavior.SetNull);
        trial.HasOne<RegisteredModel>().WithMany().HasForeignKey(t => t.ModelId).OnDelete(DeleteBehavior.Restrict);
        trial.HasOne<ModelStage>().WithMany().HasForeignKey(t => t.StageId).OnDelete(DeleteBehavior.Restrict);
        trial.HasOne(t => t.Response).WithOne().HasForeignKey<Response>(r => r.TrialId).OnDelete(DeleteBehavior.Cascade);
    }

    public void Configure(EntityTypeBuilder<Response> response)
    {
        response.HasKey(r => r.TrialId);
        response.Property(r => r.Kind).HasConversion<string>().HasMaxLength(16);
    }

    public void Configure(EntityTypeBuilder<SessionDigest> digest)
    {
        digest.HasKey(d => d.SessionId);
        digest.Property(d => d.ExcludedBecause).HasMaxLength(16);
        digest.HasOne<Session>().WithOne().HasForeignKey<SessionDigest>(d => d.SessionId).OnDelete(DeleteBehavior.Cascade);
    }
}
