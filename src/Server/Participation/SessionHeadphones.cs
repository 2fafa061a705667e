using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace PerceptionStudy.Server.Participation;

/// <summary>A session's headphone check: one row under the session's key, written once, deleted when the answers are.</summary>
public sealed class SessionHeadphones
{
    public Guid SessionId { get; set; }

    /// <summary>For each round which tone was said to be the quietest, from 1.</summary>
    public required int[] Quietest { get; set; }

    /// <summary>Rounds that were right, judged on the server.</summary>
    public int Correct { get; set; }

    public bool Passed { get; set; }
    public DateTimeOffset ReceivedAt { get; set; }
}

internal sealed class SessionHeadphonesConfiguration : IEntityTypeConfiguration<SessionHeadphones>
{
    public void Configure(EntityTypeBuilder<SessionHeadphones> headphones)
    {
        headphones.HasKey(h => h.SessionId);
        headphones.HasOne<Session>().WithOne().HasForeignKey<SessionHeadphones>(h => h.SessionId).OnDelete(DeleteBehavior.Cascade);
    }
}
