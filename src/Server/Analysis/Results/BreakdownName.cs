using PerceptionStudy.Server.Analysis.Statistics;

namespace PerceptionStudy.Server.Analysis.Results;

/// <summary>What breakdowns and their observers are called.</summary>
internal static class BreakdownName
{
    public static string Of(BreakdownBy by) => by switch
    {
        BreakdownBy.NaturalStimulus => "natural stimulus",
        BreakdownBy.Participant => "participant",
        _ => "category",
    };

    /// <summary>People, synthetic observers, previews, or the model's name.</summary>
    public static string Of(BreakdownCell cell) => SeriesStyle.Name(cell.Observer, cell.Name);
}
