using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Analysis.Results;

/// <summary>Somebody saw results of people while the study was open: a sequential look, which whoever tests after it has to report.</summary>
public sealed class ResultLook
{
    public Guid Id { get; set; }
    public Guid StudyId { get; set; }
    public DateTimeOffset At { get; set; }

    /// <summary>How many had completed the study.</summary>
    public int Participants { get; set; }
}

internal sealed class ResultLookConfiguration : IEntityTypeConfiguration<ResultLook>
{
    public void Configure(EntityTypeBuilder<ResultLook> look) => look.HasOne<Study>().WithMany().HasForeignKey(l => l.StudyId).OnDelete(DeleteBehavior.Cascade);
}

/// <summary>Counts the looks at results while data come in; the same data seen twice are one look.</summary>
public static class ResultLooks
{
    /// <summary>Takes note of a look at an open study's results, and gives all so far in order. Filters make no new look: who had taken part counts, not whose answers were asked for.</summary>
    /// <param name="seen">Whether there was anything to see.</param>
    public static async Task<IReadOnlyList<ResultLook>> CountAsync(StudyDb db, Study study, bool seen, TimeProvider time, CancellationToken cancel = default)
    {
        var looks = await db.ResultLooks.Where(l => l.StudyId == study.Id).OrderBy(l => l.Id).ToListAsync(cancel);
        if (study.State != StudyState.Open || !seen) return looks;
        var participants = await db.Sessions.CountAsync(s => s.ObserverType == ObserverType.Human && s.State == SessionState.Completed && db.StudyVersions.Any(v => v.Id == s.StudyVersionId && v.StudyId == study.Id), cancel);
        if (looks.LastOrDefault()?.Participants == participants) return looks;
        var look = new ResultLook { Id = Guid.CreateVersion7(), StudyId = study.Id, At = time.GetUtcNow(), Participants = participants };
        db.ResultLooks.Add(look);
        await db.SaveChangesAsync(cancel);
        return [.. looks, look];
    }
}
