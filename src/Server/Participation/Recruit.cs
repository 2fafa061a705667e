using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Participation;

/// <summary>
/// Who a recruiter says that a session's participant is. It lies apart from the responses: no export holds an id, and
/// analysis and export read no more than the recruiter's name, to filter by it. Ids are sealed (<see cref="RecruiterIds"/>): without the keys, which lie
/// apart, the database names nobody. The hash keeps the same id from taking part twice, also when the id itself has been deleted.
/// </summary>
public sealed class Recruit
{
    public Guid SessionId { get; set; }
    public Guid StudyId { get; set; }

    /// <summary>For example Prolific.</summary>
    public required string Recruiter { get; set; }

    /// <summary>Hash of study, recruiter and id, under a key that lies apart.</summary>
    public required string IdSha256 { get; set; }

    /// <summary>0 for the first session of an id; where a study allows repeats, 1, 2, … for those after it.</summary>
    public int Repeat { get; set; }

    /// <summary>The recruiter's id of the person, sealed; null once the person has withdrawn, or after the time for which the study keeps it.</summary>
    public string? ParticipantId { get; set; }

    /// <summary>The recruiter's id of this submission or assignment, sealed, where there is one.</summary>
    public string? SubmissionId { get; set; }

    /// <summary>The recruiter's id of its study or project, where there is one.</summary>
    public string? ProjectId { get; set; }
}

internal sealed class RecruitConfiguration : IEntityTypeConfiguration<Recruit>
{
    public void Configure(EntityTypeBuilder<Recruit> recruit)
    {
        recruit.HasKey(r => r.SessionId);
        recruit.Property(r => r.Recruiter).HasMaxLength(40);
        recruit.Property(r => r.IdSha256).HasMaxLength(64);
        recruit.HasOne<Session>().WithOne().HasForeignKey<Recruit>(r => r.SessionId).OnDelete(DeleteBehavior.Cascade);
        recruit.HasOne<Study>().WithMany().HasForeignKey(r => r.StudyId).OnDelete(DeleteBehavior.Cascade);
        // Nobody takes part twice: the database itself refuses the second.
        recruit.HasIndex(r => new { r.StudyId, r.IdSha256, r.Repeat }).IsUnique();
    }
}
