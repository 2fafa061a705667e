using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PerceptionStudy.Server.Accounts.Auditing;
using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Participation.Inviting;

/// <summary>A link for one person: its code works once. Who has used it is told by the <see cref="Recruit"/> of the session, as for every recruiter.</summary>
[Audited(Study = nameof(StudyId), Except = [nameof(Code), nameof(Note)])]
public sealed class PersonalLink
{
    public Guid Id { get; set; }
    public Guid StudyId { get; set; }

    /// <summary>The value of the link's parameter <c>invite</c>: 60 random bits.</summary>
    public required string Code { get; set; }

    /// <summary>For whom, as researchers note it; participants never see it, and it goes when the recruiters' ids do.</summary>
    public string? Note { get; set; }

    public DateTimeOffset CreatedAt { get; set; }
}

internal sealed class PersonalLinkConfiguration : IEntityTypeConfiguration<PersonalLink>
{
    public void Configure(EntityTypeBuilder<PersonalLink> link)
    {
        link.Property(l => l.Code).HasMaxLength(16);
        link.Property(l => l.Note).HasMaxLength(200);
        link.HasIndex(l => new { l.StudyId, l.Code }).IsUnique();
        link.HasOne<Study>().WithMany().HasForeignKey(l => l.StudyId).OnDelete(DeleteBehavior.Cascade);
    }
}
