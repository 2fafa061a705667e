using PerceptionStudy.Server.Accounts;
using PerceptionStudy.Server.Accounts.Api;
using PerceptionStudy.Server.Analysis.Digests;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Analysis.Monitoring;

/// <summary>How a study runs.</summary>
/// <param name="Alarms">What wants a look, one sentence each.</param>
/// <param name="OnDemand">Null where nothing is made on demand.</param>
public sealed record MonitorInfo(StudyFunnel Funnel, int PlacesTaken, int? Places, IReadOnlyList<string> Alarms, IReadOnlyList<ConditionBalance> Balance, OnDemandInfo? OnDemand);

/// <summary>Syntheses on demand, and what trials that wanted one showed.</summary>
public sealed record OnDemandInfo(int Queued, int Running, int Made, int Failed, int Shown, int Pregenerated, int Natural);

/// <summary>Whom rules would leave out of the finished sessions: participants by the first rule that they break.</summary>
public sealed record ExclusionTryInfo(int Finished, int LeftOut, IReadOnlyDictionary<string, IReadOnlyList<string>> Hit);

/// <summary>The live page of participants over the HTTP API.</summary>
public static class MonitorEndpoints
{
    public static void MapMonitorApi(this RouteGroupBuilder api)
    {
        var study = api.MapGroup("/studies/{studyId:guid}").WithTags("Sessions").Needs(TokenScopes.Read);
        study.MapGet("/monitor", async (Guid studyId, StudyDb db, StudyWatch watch, CancellationToken cancel) =>
        {
            await db.DemandAsync(studyId, StudyRight.SeeParticipants, cancel);
            var now = (await watch.LookAsync(studyId, cancel: cancel))!;
            return new MonitorInfo(now.Funnel, now.Funnel.PlacesTaken, now.Study.Places, now.Alarms, now.Balance,
                now.OnDemand is { } made ? new OnDemandInfo(made.Queued, made.Running, made.Made, made.Failed, made.Shown, made.Pregenerated, made.Natural) : null);
        }).WithSummary("How a study runs: how far people come, balance, alarms");
        study.MapPost("/exclusions/try", async (Guid studyId, ExclusionRules rules, StudyDb db, SessionDigests digests, CancellationToken cancel) =>
        {
            await db.DemandAsync(studyId, StudyRight.SeeParticipants, cancel);
            var hit = await ExclusionTry.OfAsync(db, digests, studyId, rules, cancel);
            return new ExclusionTryInfo(hit.Finished, hit.LeftOut, hit.Hit.ToDictionary(h => SessionExclusions.Word(h.Key), h => h.Value));
        }).WithSummary("Whom exclusion rules would leave out of the finished sessions; nothing is changed");
    }
}
