using System.Globalization;
using PerceptionStudy.Synthesis.Hosting;

namespace PerceptionStudy.Synthesis.Criteria;

/// <summary>
/// Whether a metamer may enter a study (Feather et al. 2023): the model gives it the natural picture's category, and each of the three
/// measures of match at the generating stage is above the largest value of the null distribution.
/// </summary>
public static class SuccessRule
{
    // Chance pairs are products of float32 activations: their correlations are right to about 1e-7, so that a largest value of exactly 1,
    // which a stage of a few values has, may read a little less. What is above by no more than this is not above.
    private const double Rounding = 1e-6;

    /// <summary>Judges.</summary>
    /// <param name="naturalCategory">The model's own category of the natural picture; the truth does not matter here.</param>
    /// <param name="metamerCategory">The model's category of the metamer, as saved.</param>
    /// <param name="match">Match of the metamer as saved.</param>
    /// <param name="chance">The stage's null distribution; null when none is known, and then nothing can be accepted.</param>
    /// <returns>Why it is not accepted, in sentences; empty when it is.</returns>
    public static string[] Reasons(string naturalCategory, string metamerCategory, MatchMeasures match, StageNull? chance)
    {
        ArgumentNullException.ThrowIfNull(match);
        var reasons = new List<string>();
        if (naturalCategory != metamerCategory)
            reasons.Add($"The model sees {metamerCategory} in the metamer and {naturalCategory} in the natural picture.");
        if (chance is null)
            reasons.Add("The match was not compared with chance, because no null distribution was given.");
        else
        {
            Compare("rank correlation", match.Spearman, chance.Max.Spearman);
            Compare("correlation", match.Pearson, chance.Max.Pearson);
            Compare("signal-to-noise ratio in dB", match.PaperSnrDb, chance.Max.PaperSnrDb);
        }
        return [.. reasons];

        void Compare(string measure, double value, double max)
        {
            if (!(value > max + Rounding))
                reasons.Add(string.Create(CultureInfo.InvariantCulture, $"The {measure} of {value:0.####} is not above {max:0.####}, the largest of {chance.Pairs} chance pairs."));
        }
    }
}
