using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PerceptionStudy.Server.Accounts;
using PerceptionStudy.Server.Accounts.Auditing;

namespace PerceptionStudy.Server.Studies;

/// <summary>A researcher's role in a study; or that of whoever accepts an invitation.</summary>
[Audited(Study = nameof(StudyId))]
public sealed class StudyMember
{
    public Guid Id { get; set; }
    public Guid StudyId { get; set; }

    /// <summary>Null while it is only an invitation.</summary>
    public Guid? ResearcherId { get; set; }

    /// <summary>The invitation by which somebody without an account comes in; null for who had one.</summary>
    public Guid? InvitationId { get; set; }

    public StudyRole Role { get; set; }
    public DateTimeOffset Since { get; set; }
}

internal sealed class StudyMemberConfiguration : IEntityTypeConfiguration<StudyMember>
{
    public void Configure(EntityTypeBuilder<StudyMember> member)
    {
        member.Property(m => m.Role).HasConversion<string>().HasMaxLength(20);
        member.HasIndex(m => new { m.StudyId, m.ResearcherId }).IsUnique();
        member.HasIndex(m => m.ResearcherId);
        member.HasOne<Study>().WithMany().HasForeignKey(m => m.StudyId).OnDelete(DeleteBehavior.Cascade);
        member.HasOne<Researcher>().WithMany().HasForeignKey(m => m.ResearcherId).OnDelete(DeleteBehavior.Cascade);
        member.HasOne<Invitation>().WithMany().HasForeignKey(m => m.InvitationId).OnDelete(DeleteBehavior.Cascade);
    }
}
