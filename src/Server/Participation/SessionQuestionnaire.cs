using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PerceptionStudy.Shared.Sessions;

namespace PerceptionStudy.Server.Participation;

/// <summary>What a participant said about themselves: one row under the session's key, written once, deleted when the answers are.</summary>
public sealed class SessionQuestionnaire
{
    public Guid SessionId { get; set; }

    /// <summary>Age in years; null, as everything below, for what was not said.</summary>
    public int? AgeYears { get; set; }

    public SexAnswer? Sex { get; set; }
    public VisionAnswer? Vision { get; set; }
    public string? Comments { get; set; }
    public DateTimeOffset ReceivedAt { get; set; }
}

internal sealed class SessionQuestionnaireConfiguration : IEntityTypeConfiguration<SessionQuestionnaire>
{
    public void Configure(EntityTypeBuilder<SessionQuestionnaire> questionnaire)
    {
        questionnaire.HasKey(q => q.SessionId);
        questionnaire.Property(q => q.Sex).HasConversion<string>().HasMaxLength(16);
        questionnaire.Property(q => q.Vision).HasConversion<string>().HasMaxLength(16);
        questionnaire.Property(q => q.Comments).HasMaxLength(QuestionnaireAnswers.LongestComment);
        questionnaire.HasOne<Session>().WithOne().HasForeignKey<SessionQuestionnaire>(q => q.SessionId).OnDelete(DeleteBehavior.Cascade);
    }
}
