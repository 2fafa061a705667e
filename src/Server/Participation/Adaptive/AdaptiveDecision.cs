using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace PerceptionStudy.Server.Participation.Adaptive;

/// <summary>A decision of the closed loop: which level a trial should show, why, and which it showed. Written with the trial's settlement, never changed.</summary>
public sealed class AdaptiveDecision
{
    public Guid TrialId { get; set; }

    /// <summary>1, 2, 3, … within the session.</summary>
    public int Number { get; set; }

    /// <summary>Answers that the decision rests on.</summary>
    public int AnswersUsed { get; set; }

    /// <summary>What the method chose, from 1.</summary>
    public int WantedLevel { get; set; }

    /// <summary>What was shown: the nearest level that was ready; null where the fallback showed the natural stimulus.</summary>
    public int? ShownLevel { get; set; }

    /// <summary>The level of the criterion as estimated before the trial; null while the answers say nothing.</summary>
    public double? EstimatedLevel { get; set; }

    public double? EstimatedSd { get; set; }
}

internal sealed class AdaptiveDecisionConfiguration : IEntityTypeConfiguration<AdaptiveDecision>
{
    public void Configure(EntityTypeBuilder<AdaptiveDecision> decision)
    {
        decision.HasKey(d => d.TrialId);
        decision.HasOne<Trial>().WithOne().HasForeignKey<AdaptiveDecision>(d => d.TrialId).OnDelete(DeleteBehavior.Cascade);
    }
}
