using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Accounts;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Studies;

/// <summary>Who may do what with which study. Services ask here, so that pages, downloads and the API are under the same rights.</summary>
public static class StudyAccess
{
    private const string Missing = "There is no such study: it may have been deleted. Go back to the list.";

    /// <summary>Call it first in a service that does something with a study. What the program does by itself is not asked about.</summary>
    /// <exception cref="RefusedException">There is no such study for the current actor, or the role does not include the right.</exception>
    public static async Task DemandAsync(this StudyDb db, Guid studyId, StudyRight right, CancellationToken cancel = default)
    {
        if (Actor.Current.IsProgram) return;
        var rights = await db.RightsAsync(Actor.Current.ResearcherId, studyId, cancel);
        if (rights.Contains(right)) return;
        // Whoever is no member does not learn whether there is such a study.
        if (!rights.Contains(StudyRight.See)) throw new RefusedException(Missing, Refusal.Missing);
        throw new RefusedException(Refuse(right), Refusal.NotAllowed);
    }

    /// <summary>Whether a researcher may do something with a study; false where there is no such study or no such researcher.</summary>
    public static async Task<bool> MayAsync(this StudyDb db, Guid? researcherId, Guid studyId, StudyRight right, CancellationToken cancel = default) =>
        (await db.RightsAsync(researcherId, studyId, cancel)).Contains(right);

    /// <summary>Every right that a researcher has in a study, to show only what can be done.</summary>
    public static async Task<IReadOnlySet<StudyRight>> RightsAsync(this StudyDb db, Guid? researcherId, Guid studyId, CancellationToken cancel = default)
    {
        var found = await db.Studies.Where(s => s.Id == studyId).Select(s => new
        {
            s.State,
            IsAdministrator = db.Users.Any(u => u.Id == researcherId && u.DeactivatedAt == null && u.IsAdministrator),
            Role = db.StudyMembers.Where(m => m.StudyId == studyId && m.ResearcherId == researcherId && db.Users.Any(u => u.Id == researcherId && u.DeactivatedAt == null)).Select(m => (StudyRole?)m.Role).FirstOrDefault(),
        }).FirstOrDefaultAsync(cancel);
        if (researcherId is null || found is null || (found.Role is null && !found.IsAdministrator)) return new HashSet<StudyRight>();
        var role = found.IsAdministrator ? StudyRole.Owner : found.Role!.Value;
        return Enum.GetValues<StudyRight>().Where(right => StudyRights.Has(role, right, closed: found.State is StudyState.Closed or StudyState.Archived)).ToHashSet();
    }

    /// <summary>The studies that a researcher is a member of; all of them for an administrator.</summary>
    public static IQueryable<Study> StudiesOf(this StudyDb db, Guid? researcherId) => db.Studies.Where(s =>
        db.Users.Any(u => u.Id == researcherId && u.DeactivatedAt == null && (u.IsAdministrator || db.StudyMembers.Any(m => m.StudyId == s.Id && m.ResearcherId == u.Id))));

    /// <summary>The sentence for whoever has not the right.</summary>
    public static string Refuse(StudyRight right) => $"Your role in this study does not let you {StudyRights.Describe(right)}. An owner of the study can change your role.";
}
