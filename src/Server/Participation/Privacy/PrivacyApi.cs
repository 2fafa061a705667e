using PerceptionStudy.Server.Accounts;
using PerceptionStudy.Server.Accounts.Api;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Participation.Privacy;

/// <summary>What is stored about participants, and who they are to their recruiters, over the HTTP API.</summary>
public static class PrivacyApi
{
    public static void MapPrivacyApi(this RouteGroupBuilder api)
    {
        var study = api.MapGroup("/studies/{studyId:guid}").WithTags("Participants");
        study.MapGet("/recruiter-ids.csv", async (Guid studyId, StudyDb db, CancellationToken cancel) =>
        {
            await db.DemandAsync(studyId, StudyRight.Recruit, cancel);
            return await RecruitList.FileAsync(studyId, db, cancel);
        }).Needs(TokenScopes.Run).WithSummary("The recruiters' ids of a study's participants, for paying people; no export of answers holds them");
        study.MapGet("/participant-data.json", async (Guid studyId, string who, StudyDb db, HttpContext http, CancellationToken cancel) =>
        {
            await db.DemandAsync(studyId, StudyRight.Recruit, cancel);
            await db.DemandAsync(studyId, StudyRight.Export, cancel);
            return await PrivacyEndpoints.OfStudyAsync(studyId, who, db, http);
        }).Needs(TokenScopes.Run).WithSummary("Everything that is stored about one participant: P12, 2/P12 of version 2, or the withdrawal code");
        study.MapGet("/record-of-processing.md", async (Guid studyId, StudyDb db, CancellationToken cancel) =>
        {
            await db.DemandAsync(studyId, StudyRight.See, cancel);
            return await PrivacyEndpoints.RecordAsync(studyId, db, cancel);
        }).Needs(TokenScopes.Read).WithSummary("The record of processing of a study, as Markdown");
    }
}
