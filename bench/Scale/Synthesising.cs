using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Campaigns;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Bench.Scale;

/// <summary>A campaign of more metamers than the measurement can make: the demo's pictures at every proposed stage of its first model, 300 steps of <c>fast</c>.</summary>
internal sealed class Synthesising(CampaignService service, IDbContextFactory<StudyDb> databases, Guid campaign)
{
    public static async Task<Synthesising> BeginAsync(IServiceProvider services)
    {
        var databases = services.GetRequiredService<IDbContextFactory<StudyDb>>();
        await using var db = await databases.CreateDbContextAsync();
        var pictures = await db.Campaigns.OrderBy(c => c.Id).Select(c => new { c.NaturalSetId, c.PoolSetId }).FirstAsync();
        var model = await db.Models.OrderBy(m => m.Name).FirstAsync();
        var stages = await db.Stages.Where(s => s.ModelId == model.Id && s.Proposed && s.Differentiable).Select(s => s.Id).ToArrayAsync();
        var service = services.GetRequiredService<CampaignService>();
        var campaign = await service.StartAsync(new CampaignPlan
        {
            Name = "bench", NaturalSetId = pictures.NaturalSetId, PoolSetId = pictures.PoolSetId, StageIds = stages, Preset = "fast", Steps = 300, Seeds = 10, Pilot = true, NullPairs = 1000,
        });
        await service.PauseAsync(campaign.Id);
        return new Synthesising(service, databases, campaign.Id);
    }

    public Task GoOnAsync() => service.ResumeAsync(campaign);

    public Task HoldAsync() => service.PauseAsync(campaign);

    public async Task<int> DoneAsync()
    {
        await using var db = await databases.CreateDbContextAsync();
        return await db.SynthesisJobs.CountAsync(j => j.CampaignId == campaign && j.State == SynthesisState.Done);
    }
}
