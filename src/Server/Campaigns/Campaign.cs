using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PerceptionStudy.Server.Accounts.Auditing;
using PerceptionStudy.Server.Models;
using PerceptionStudy.Server.Stimuli;

namespace PerceptionStudy.Server.Campaigns;

public enum SynthesisState { Queued, Running, Done, Failed, Cancelled }

/// <summary>What a campaign holds back: nothing, all but the syntheses of its pilot, or everything.</summary>
public enum CampaignHold { None, Pilot, Paused }

/// <summary>A batch of syntheses: every stimulus of a natural set at every picked stage with every seed. Its state is that of its jobs.</summary>
[Audited]
public sealed class Campaign
{
    public Guid Id { get; set; }
    public required string Name { get; set; }
    public Guid NaturalSetId { get; set; }

    /// <summary>The stimuli whose random pairs make the null distributions.</summary>
    public Guid PoolSetId { get; set; }

    /// <summary>The set that the finished metamers enter; null for an instant look, whose metamer is only looked at.</summary>
    public Guid? MetamerSetId { get; set; }

    public required string Preset { get; set; }

    /// <summary>Gradient evaluations of each synthesis; null for the preset's own number.</summary>
    public int? Steps { get; set; }

    /// <summary>Seed of the initial noise of the first metamer of each cell.</summary>
    public int Seed { get; set; }

    /// <summary>Metamers of each stimulus at each stage; their seeds follow on <see cref="Seed"/>.</summary>
    public int Seeds { get; set; } = 1;

    public CampaignHold Hold { get; set; }

    /// <summary>Syntheses of a campaign with a higher number begin before those of others; 0 is usual.</summary>
    public int Priority { get; set; }

    /// <summary>Pairs measured for the null distribution of each stage.</summary>
    public int NullPairs { get; set; }

    /// <summary>How the pool's stimuli are varied: a key of <see cref="CampaignPlan.Augmentations"/>.</summary>
    public required string NullAugmentation { get; set; }

    /// <summary>Whether only workers with a graphics card take its syntheses; otherwise any does.</summary>
    public bool NeedsGpu { get; set; }

    /// <summary>Level (RMS) that every metamer of a sound is brought to before it is judged; null where each keeps its own, and of pictures.</summary>
    public double? Rms { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
    public List<SynthesisJob> Jobs { get; } = [];

    public bool IsLook => MetamerSetId is null;
}

/// <summary>One synthesis: a natural stimulus at a stage of a model. The row is the truth; the job engine only runs it.</summary>
public sealed class SynthesisJob
{
    public Guid Id { get; set; }
    public Guid CampaignId { get; set; }
    public Guid ModelId { get; set; }
    public Guid StageId { get; set; }

    /// <summary>Fraction of the loss at the start at which it is cut off; 0 for a finished metamer.</summary>
    public double LossLevel { get; set; }

    public Guid NaturalStimulusId { get; set; }

    /// <summary>Seed of its initial noise.</summary>
    public int Seed { get; set; }

    /// <summary>Whether it is one of the two that are measured before the others begin.</summary>
    public bool IsPilot { get; set; }

    /// <summary>When a synthesis on demand was ordered; null for the rest.</summary>
    public DateTimeOffset? RequestedAt { get; set; }

    public SynthesisState State { get; set; }

    /// <summary>The run that owns the row while it is running: whoever finds another one here has lost it and writes nothing.</summary>
    public Guid? RunId { get; set; }

    /// <summary>Last sign of life of that run.</summary>
    public DateTimeOffset? HeartbeatAt { get; set; }

    /// <summary>When a participant's plan needs it: such an on-demand synthesis comes before all batch work, the one needed first first. Null for batch work.</summary>
    public DateTimeOffset? NeededAt { get; set; }

    /// <summary>The worker of that run, or of the last one; it may be gone.</summary>
    public Guid? WorkerId { get; set; }

    /// <summary>Runs that ended with their host or their worker since it last got on (<see cref="CheckpointSha256"/>); after several (<see cref="SynthesisQueue"/>) it is set aside as failed.</summary>
    public int Attempts { get; set; }

    /// <summary>Not to be taken before; null for at once.</summary>
    public DateTimeOffset? NotBefore { get; set; }

    /// <summary>Its state so far, in the blob store, so that any worker can go on with it; null before the first, and when it has ended well.</summary>
    public string? CheckpointSha256 { get; set; }

    /// <summary>The execution provider that the checkpoint belongs to: another one would compute other bytes, and begins anew.</summary>
    public string? CheckpointProvider { get; set; }

    public int StepsDone { get; set; }
    public int StepsTotal { get; set; }
    public double? Loss { get; set; }

    /// <summary>Pairs of step and loss as JSON, thinned to some hundred points.</summary>
    public string LossCurveJson { get; set; } = "[]";

    /// <summary>One sentence why it failed, or why it waits to be tried again; null otherwise.</summary>
    public string? Failure { get; set; }

    /// <summary>What the synthesis host printed last before it ended; null where it said nothing.</summary>
    public string? FailureLog { get; set; }

    public DateTimeOffset? StartedAt { get; set; }
    public DateTimeOffset? EndedAt { get; set; }

    /// <summary>Time of the synthesis alone, in seconds: without the null distribution, and without pauses. Null while it is not done.</summary>
    public double? Seconds { get; set; }

    /// <summary>Disk that metamer and manifest take. Null while it is not done.</summary>
    public long? Bytes { get; set; }

    public Guid? MetamerStimulusId { get; set; }

    /// <summary>The finished picture or sound of an instant look, in the blob store; null of all others.</summary>
    public string? LookSha256 { get; set; }
}

/// <summary>The null distribution of one stage for one pool of stimuli, measured once and kept. A pool that has changed is another pool.</summary>
public sealed class StageNull
{
    public Guid Id { get; set; }
    public Guid ModelId { get; set; }
    public Guid StageId { get; set; }
    public Guid PoolSetId { get; set; }

    /// <summary>Hash over the sorted hashes of the pool's files when it was measured.</summary>
    public required string PoolSha256 { get; set; }

    public required string Augmentation { get; set; }
    public int Pairs { get; set; }
    public double MaxSpearman { get; set; }
    public double MaxPearson { get; set; }
    public double MaxPaperSnrDb { get; set; }

    /// <summary>The file that the synthesis host wrote, in the blob store; or <see cref="OnlyLargestKnown"/>.</summary>
    public required string Sha256 { get; set; }

    /// <summary>In the place of a file: it was measured elsewhere, and is measured again before another synthesis is judged by it.</summary>
    public const string OnlyLargestKnown = "";
}

/// <summary>A recognising model's answer to a stimulus; computed once, because models do not change their mind.</summary>
public sealed class ModelAnswer
{
    public Guid ModelId { get; set; }
    public Guid StimulusId { get; set; }

    /// <summary>Its choice among all categories that its pipeline names.</summary>
    public required string Category { get; set; }

    public int ClassIndex { get; set; }

    /// <summary>What its decision rule compares, by category, as JSON.</summary>
    public string ScoresJson { get; set; } = "{}";

    /// <summary>Its choice among the categories of a study, by the same rule; null if it knows none of them.</summary>
    public string? Among(IReadOnlyCollection<string> categories)
    {
        if (categories.Contains(Category)) return Category;
        var scores = JsonSerializer.Deserialize<Dictionary<string, double>>(ScoresJson)!;
        return categories.Where(scores.ContainsKey).MaxBy(category => scores[category]);
    }
}

internal sealed class CampaignConfiguration :
    IEntityTypeConfiguration<Campaign>, IEntityTypeConfiguration<SynthesisJob>, IEntityTypeConfiguration<StageNull>, IEntityTypeConfiguration<ModelAnswer>
{
    public void Configure(EntityTypeBuilder<Campaign> campaign)
    {
        campaign.Ignore(c => c.IsLook);
        campaign.Property(c => c.Hold).HasConversion<string>().HasMaxLength(16);
        campaign.HasIndex(c => c.Name).IsUnique();
        campaign.HasOne<StimulusSet>().WithMany().HasForeignKey(c => c.NaturalSetId).OnDelete(DeleteBehavior.Restrict);
        campaign.HasOne<StimulusSet>().WithMany().HasForeignKey(c => c.PoolSetId).OnDelete(DeleteBehavior.Restrict);
        campaign.HasOne<StimulusSet>().WithMany().HasForeignKey(c => c.MetamerSetId).OnDelete(DeleteBehavior.Restrict);
        campaign.HasMany(c => c.Jobs).WithOne().HasForeignKey(j => j.CampaignId).OnDelete(DeleteBehavior.Cascade);
    }

    public void Configure(EntityTypeBuilder<SynthesisJob> job)
    {
        job.Property(j => j.State).HasConversion<string>().HasMaxLength(16);
        job.HasIndex(j => new { j.CampaignId, j.ModelId, j.StageId, j.NaturalStimulusId, j.Seed, j.LossLevel }).IsUnique();
        job.Property(j => j.CheckpointSha256).HasMaxLength(64);
        job.Property(j => j.LookSha256).HasMaxLength(64);
        job.Property(j => j.CheckpointProvider).HasMaxLength(16);
        job.HasIndex(j => j.State);
        job.HasIndex(j => j.CheckpointSha256);
        job.HasOne<RegisteredModel>().WithMany().HasForeignKey(j => j.ModelId).OnDelete(DeleteBehavior.Restrict);
        job.HasOne<ModelStage>().WithMany().HasForeignKey(j => j.StageId).OnDelete(DeleteBehavior.Restrict);
        job.HasOne<Stimulus>().WithMany().HasForeignKey(j => j.NaturalStimulusId).OnDelete(DeleteBehavior.Restrict);
        job.HasOne<Stimulus>().WithMany().HasForeignKey(j => j.MetamerStimulusId).OnDelete(DeleteBehavior.SetNull);
    }

    public void Configure(EntityTypeBuilder<StageNull> stageNull)
    {
        stageNull.HasIndex(n => new { n.StageId, n.PoolSetId, n.PoolSha256, n.Augmentation, n.Pairs }).IsUnique();
        stageNull.HasOne<RegisteredModel>().WithMany().HasForeignKey(n => n.ModelId).OnDelete(DeleteBehavior.Cascade);
        stageNull.HasOne<ModelStage>().WithMany().HasForeignKey(n => n.StageId).OnDelete(DeleteBehavior.Cascade);
        stageNull.HasOne<StimulusSet>().WithMany().HasForeignKey(n => n.PoolSetId).OnDelete(DeleteBehavior.Cascade);
    }

    public void Configure(EntityTypeBuilder<ModelAnswer> answer)
    {
        answer.HasKey(a => new { a.ModelId, a.StimulusId });
        answer.HasOne<RegisteredModel>().WithMany().HasForeignKey(a => a.ModelId).OnDelete(DeleteBehavior.Cascade);
        answer.HasOne<Stimulus>().WithMany().HasForeignKey(a => a.StimulusId).OnDelete(DeleteBehavior.Cascade);
    }
}
