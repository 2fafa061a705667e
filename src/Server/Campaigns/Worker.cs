using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Campaigns;

/// <summary>A process that runs syntheses, as long as it lives: it renews its row, and takes it away when it stops. A row that is not renewed belongs to one that died.</summary>
public sealed class Worker
{
    public Guid Id { get; set; }

    /// <summary>Machine and process, for people.</summary>
    public required string Name { get; set; }

    /// <summary>The execution provider that its hosts compute with: <c>cpu</c>, <c>cuda</c> or <c>webgpu</c>.</summary>
    public required string Provider { get; set; }

    /// <summary>What holds its synthesis hosts in: a name of <see cref="Synthesis.Hosting.Cages.CageKind"/>.</summary>
    public required string Cage { get; set; }

    /// <summary>How many syntheses it runs at a time.</summary>
    public int Concurrency { get; set; }

    public DateTimeOffset StartedAt { get; set; }
    public DateTimeOffset HeartbeatAt { get; set; }

    /// <summary>Whether it stops: it takes nothing more, and gives back what it has.</summary>
    public bool Stopping { get; set; }

    /// <summary>How many syntheses the workers that live can run at a time.</summary>
    /// <param name="db">The database.</param>
    /// <param name="aliveSince">Who has given a sign of life since then lives.</param>
    /// <param name="needsGpu">Whether only those with a graphics card count.</param>
    /// <param name="cancel">Cancels.</param>
    public static Task<int> CapacityAsync(StudyDb db, DateTimeOffset aliveSince, bool needsGpu, CancellationToken cancel = default) =>
        db.Workers.Where(w => w.HeartbeatAt > aliveSince && !w.Stopping && (!needsGpu || w.Provider != "cpu")).SumAsync(w => w.Concurrency, cancel);
}

internal sealed class WorkerConfiguration : IEntityTypeConfiguration<Worker>
{
    public void Configure(EntityTypeBuilder<Worker> worker)
    {
        worker.Property(w => w.Name).HasMaxLength(200);
        worker.Property(w => w.Provider).HasMaxLength(16);
        worker.Property(w => w.Cage).HasMaxLength(16);
    }
}
