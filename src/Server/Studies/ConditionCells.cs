namespace PerceptionStudy.Server.Studies;

/// <summary>How many natural stimuli of each category have an accepted metamer in each condition: the table of conditions.</summary>
public sealed class ConditionCells
{
    private readonly Dictionary<string, int> naturals;
    private readonly Dictionary<(StudyCondition, string), int> accepted;

    private ConditionCells(Dictionary<string, int> naturals, Dictionary<(StudyCondition, string), int> accepted) => (this.naturals, this.accepted) = (naturals, accepted);

    /// <summary>Of the natural stimuli that are asked about and still there.</summary>
    public static ConditionCells Of(StudyMaterial material, IEnumerable<Guid> naturalStimuli)
    {
        var category = naturalStimuli.Distinct().Where(material.Naturals.ContainsKey).ToDictionary(id => id, id => material.Naturals[id].Category);
        var accepted = material.Metamers.Where(m => m.Accepted && category.ContainsKey(m.NaturalId))
            .Select(m => (m.Condition, m.NaturalId)).Distinct()
            .CountBy(cell => (cell.Condition, category[cell.NaturalId])).ToDictionary();
        return new ConditionCells(category.Values.CountBy(c => c).ToDictionary(), accepted);
    }

    /// <summary>Categories of the natural stimuli, alphabetically.</summary>
    public IReadOnlyList<string> Categories => [.. naturals.Keys.Order(StringComparer.Ordinal)];

    /// <summary>Natural stimuli in all.</summary>
    public int Total => naturals.Values.Sum();

    public int Naturals(string category) => naturals.GetValueOrDefault(category);

    /// <summary>Natural stimuli of a category that can be shown in a condition.</summary>
    public int Accepted(StudyCondition condition, string category) => condition.IsNatural ? Naturals(category) : accepted.GetValueOrDefault((condition, category));

    public int Accepted(StudyCondition condition) => Categories.Sum(category => Accepted(condition, category));
}
