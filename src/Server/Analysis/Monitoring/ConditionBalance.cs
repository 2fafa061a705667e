using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Analysis.Monitoring;

/// <summary>How often the cells of one condition were given out to people who hold a place.</summary>
/// <param name="Least">Of the natural stimulus that was shown least in it.</param>
/// <param name="Most">Of the one that was shown most.</param>
public sealed record ConditionBalance(string Condition, int Given, int Least, int Most)
{
    /// <summary>The conditions of a study's latest version; empty before publication.</summary>
    public static async Task<IReadOnlyList<ConditionBalance>> LoadAsync(StudyDb db, Guid studyId, CancellationToken cancel = default)
    {
        var version = await db.StudyVersions.AsNoTracking().Where(v => v.StudyId == studyId).OrderByDescending(v => v.Number).FirstOrDefaultAsync(cancel);
        if (version is null) return [];
        var given = await CellTallies.CountAsync(db, version.Id, ObserverType.Human, cancel);
        var names = await (from stage in db.Stages join model in db.Models on stage.ModelId equals model.Id select new { stage.Id, Name = model.Name + ", " + stage.Name }).ToDictionaryAsync(s => s.Id, s => s.Name, cancel);
        return Of(version.Design, given, condition => condition.IsNatural ? "natural" : condition.Label(names.GetValueOrDefault(condition.StageId!.Value, "?")));
    }

    internal static IReadOnlyList<ConditionBalance> Of(StudyDesign design, IReadOnlyDictionary<TrialCell, int> given, Func<StudyCondition, string> name) =>
    [
        .. from condition in design.Conditions
           let counts = design.NaturalStimuli.Select(natural => given.GetValueOrDefault(new TrialCell(natural, condition))).ToList()
           select new ConditionBalance(name(condition), counts.Sum(), counts.DefaultIfEmpty(0).Min(), counts.DefaultIfEmpty(0).Max())
    ];
}
