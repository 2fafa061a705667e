using PerceptionStudy.Server.Analysis.Statistics;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Analysis.Results;

/// <summary>The numbers that a chart or table of the results page shows, as CSV.</summary>
public static class ChartCsv
{
    /// <summary>One row for each line and stage of a panel.</summary>
    /// <param name="chance">Proportion correct of guessing, if it is known: then there is d′.</param>
    public static string Curve(CurvePanel panel, double? chance = null) => CsvText.Of(
        ["generating_model", "observer", "stage_index", "stage", "participants", "trials", "mean", "sem", "ci95_lower", "ci95_upper", "d_prime"],
        from line in panel.Lines
        from point in line.Points
        select (object?[])[panel.GeneratingModel, SeriesStyle.Name(line), point.StageIndex, point.Stage, point.Value.N, point.Trials, point.Value.Mean, point.Value.Sem, point.Interval?.Lower, point.Interval?.Upper,
            point.DPrime(chance)]);

    /// <summary>One row for each condition of people against other models.</summary>
    public static string Agreement(IEnumerable<CrossModelPoint> points) => CsvText.Of(
        ["generating_model", "stage", "people", "other_models"], points.Select(p => (object?[])[p.GeneratingModel, p.Stage, p.People, p.OtherModels]));

    /// <summary>One row for each condition and time.</summary>
    public static string ReactionTimes(ResultsDetails details) => CsvText.Of(
        ["condition", "reaction_time_ms", "density_per_s"],
        from line in details.ReactionTimes
        from point in details.ReactionTimeAxisMs.Zip(line.Density ?? [])
        select (object?[])[line.Condition, point.First, point.Second]);

    /// <summary>One row for each observer, right answer and answer.</summary>
    public static string Confusions(ResultsDetails details) => CsvText.Of(
        ["observer", "category", "response", "count"],
        from line in details.Answers
        from row in line.Confusion.Categories.Zip(line.Confusion.Counts)
        from cell in line.Confusion.Responses.Zip(row.Second)
        select (object?[])[line.Who, row.First, cell.First, cell.Second]);

    /// <summary>One row for each effect of an analysis of variance.</summary>
    public static string Anova(AnovaTable anova) => CsvText.Of(
        ["effect", "ss", "df", "error_ss", "error_df", "f", "p", "p_greenhouse_geisser", "p_huynh_feldt", "p_lower_bound", "p_permutation", "partial_eta_squared"],
        anova.Effects.Select(e => (object?[])[e.Effect, e.SumOfSquares, e.Df, e.ErrorSumOfSquares, e.ErrorDf, e.F, e.P, e.PGreenhouseGeisser, e.PHuynhFeldt, e.PLowerBound, e.Permutation?.PlusOne, e.PartialEtaSquared]));

    /// <summary>One row for each contrast.</summary>
    public static string Contrasts(IEnumerable<Contrast> contrasts) => CsvText.Of(
        ["stage", "first", "second", "difference", "ci95_lower", "ci95_upper", "t", "df", "p", "p_holm"],
        contrasts.Select(c => (object?[])[c.Stage, c.First, c.Second, c.Difference, c.Interval?.Lower, c.Interval?.Upper, c.T, c.Df, c.P, c.PHolm]));

    /// <summary>One row for each kind of pair of observers.</summary>
    public static string Consistency(ResultsDetails details) => CsvText.Of(
        ["observers", "pairs", "kappa", "ci95_lower", "ci95_upper", "kappa_bound_lower", "kappa_bound_upper", "observed", "expected"],
        details.Consistency.Select(c => (object?[])[c.Who, c.Pairs, c.Kappa, c.Interval?.Lower, c.Interval?.Upper, c.Bounds.Lower, c.Bounds.Upper, c.Observed, c.Expected]));

    /// <summary>One row for each fixed effect and random intercept of each generating model's mixed model.</summary>
    public static string MixedModels(IEnumerable<RecognitionMixedModel> models) => CsvText.Of(
        ["generating_model", "kind", "term", "estimate", "standard_error", "ci95_lower", "ci95_upper", "z", "p"],
        models.SelectMany(m => m.Fit.Fixed
            .Select(f => (object?[])[m.GeneratingModel, "fixed", f.Name == "(Intercept)" ? m.Reference : f.Name, f.Estimate, f.StandardError, f.Interval.Lower, f.Interval.Upper, f.Z, f.P])
            .Concat(m.Fit.Random.Select(r => (object?[])[m.GeneratingModel, "random_sd", r.Name, r.Sd, null, null, null, null, null]))));

    /// <summary>One row for each observer, condition and category, stimulus or participant.</summary>
    public static string Breakdown(BreakdownBy by, IEnumerable<BreakdownCell> cells) => CsvText.Of(
        ["observer", "generating_model", "stage_index", "stage", BreakdownName.Of(by).Replace(' ', '_'), "trials", "correct", "proportion_correct", "ci95_lower", "ci95_upper", "d_prime"],
        cells.Select(c => (object?[])[BreakdownName.Of(c), c.GeneratingModel, c.StageIndex, c.Stage, c.Key, c.Trials, c.Correct, c.Proportion, c.Interval.Lower, c.Interval.Upper, c.DPrime]));
}
