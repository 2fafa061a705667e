using System.Threading.Channels;
using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Campaigns;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Studies;

/// <summary>
/// Sees to it that the recognising models answer everything that a published study shows: when it is published, and at the start of the server
/// for what was not answered before it stopped.
/// </summary>
internal sealed class StudyAnswers(StudyPublisher publisher, ModelAnswerer answerer, IDbContextFactory<StudyDb> databases) : BackgroundService
{
    private readonly Channel<StudyDesign> published = Channel.CreateUnbounded<StudyDesign>();

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        publisher.Published += Take;
        return base.StartAsync(cancellationToken);
    }

    public override Task StopAsync(CancellationToken cancellationToken)
    {
        publisher.Published -= Take;
        return base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using (var db = await databases.CreateDbContextAsync(stoppingToken))
        {
            foreach (var version in await db.StudyVersions.AsNoTracking().ToListAsync(stoppingToken)) await EnqueueAsync(version.Design, stoppingToken);
        }
        await foreach (var design in published.Reader.ReadAllAsync(stoppingToken)) await EnqueueAsync(design, stoppingToken);
    }

    private void Take(StudyVersion version) => published.Writer.TryWrite(version.Design);

    private Task EnqueueAsync(StudyDesign design, CancellationToken cancel) =>
        answerer.EnqueueMissingAsync(design.RecognisingModels, [.. design.NaturalStimuli, .. design.Metamers], cancel);
}
