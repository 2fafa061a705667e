using System.Globalization;
using PerceptionStudy.Server.Analysis.Statistics;
using PerceptionStudy.Server.Stimuli;

namespace PerceptionStudy.Server.Analysis.Results;

/// <summary>What a methods section needs to know of a study beyond its numbers.</summary>
/// <param name="DrawnChoices">Choices of a trial where they are drawn for it; null where all categories are offered.</param>
/// <param name="Exclusions">What a participant is left out for; empty without rules.</param>
/// <param name="Designs">Hashes of the published designs.</param>
/// <param name="Models">Hashes of the models by name.</param>
/// <param name="Part">Which part of the data a filter left, in words; null for all of them.</param>
public sealed record StudyMethods(
    string Study, IReadOnlyList<int> Versions, IReadOnlyList<string> Categories, StimulusMedium Medium, int? DrawnChoices, int StimulusMs, int FixationMs, int BlankMs, int MaskMs, int MainTrials, int CatchTrials, IReadOnlyList<string> Exclusions,
    IReadOnlyList<(string Name, string Sha256)> Designs, IReadOnlyList<(string Name, string Sha256)> Models, string? Part = null);

/// <summary>Paragraphs for a paper, in APA style, with the numbers on the page.</summary>
public static class ResultsText
{
    /// <summary>Stands before the paragraphs wherever the answers are simulated, so that they cannot be copied as if they were people's.</summary>
    public const string Simulated = "SIMULATED, NO RESULT: ";

    public static string Methods(StudyMethods m, StudySummary summary, IReadOnlyList<ResultLook> looks) => Methods(m, summary, looks, m.Medium == StimulusMedium.Sound ? "heard" : "saw");

    private static string Methods(StudyMethods m, StudySummary summary, IReadOnlyList<ResultLook> looks, string met) => string.Create(CultureInfo.InvariantCulture,
        $"""
        {summary.Participants} {(summary.Participants == 1 ? "participant" : "participants")} took part in the {m.DrawnChoices ?? m.Categories.Count}-alternative forced-choice study "{m.Study}" (design version {string.Join(", ", m.Versions)}) over the web. In each of
        {m.MainTrials} main trials{(m.CatchTrials > 0 ? $" and {m.CatchTrials} catch trials" : "")} {Phases(m)} followed by
        the choice among {(m.DrawnChoices is { } drawn ? $"{drawn} categories, the right one and foils drawn at random for each trial from " : "")}{string.Join(", ", m.Categories)}. Each participant {met} each natural stimulus at most once, in one condition: natural, or as the
        metamer of one stage of {Listed(summary.Panels.Select(p => p.GeneratingModel))}. {Excluded(m, summary)}{(m.Part is { } part ? $"The analysis is of a part of the data: {part}. " : "")}{summary.Trials} trials entered the analysis{(summary.Swapped > 0 ? $"; {summary.Swapped} trials whose metamer had not met the criteria, so that the natural stimulus was presented, did not" : "")}.
        Error bars and ± are the standard error of the mean over participants (population standard deviation / √N); intervals are 95 %
        expanded percentile intervals (Hesterberg, 2015) of {ParticipantBootstrap.Resamples} bootstrap samples of participants. A model's value is its proportion correct on exactly the stimuli that each participant
        {met}. Observer (people, generating model) by stage was tested by a mixed analysis of variance, with Greenhouse-Geisser correction and permutation tests
        (Feather et al., 2023; seed {PanelTests.Seed}), pairwise contrasts with Holm's correction.{Looked(looks)} Design SHA-256: {string.Join("; ", m.Designs.Select(d => $"{d.Name} {d.Sha256}"))}. Model SHA-256: {string.Join("; ", m.Models.Select(d => $"{d.Name} {d.Sha256}"))}.
        """).ReplaceLineEndings(" ");

    /// <summary>Sentences for each panel, the comparison of models and the agreement of people with other models, as far as they could be computed.</summary>
    public static string Results(StudySummary summary, IReadOnlyList<PanelTests> tests, ModelComparison? comparison, Agreement? agreement)
    {
        var sentences = new List<string>();
        foreach (var test in tests)
        {
            var panel = summary.Panels.First(p => p.Key == test.Panel);
            if (panel.Lines.FirstOrDefault(l => l.Observer != ObserverKind.Model) is { Points: [var first, .., var last] })
                sentences.Add($"Participants recognised {Of(first)} of the {first.Stage} stimuli and {Of(last)} of the metamers of {panel.Key} at {last.Stage}.");
            if (test.Anova is { } anova)
                sentences.Add($"For {panel.Key}{Left(test.Participants, test.LeftOut)}, {string.Join("; ", anova.Effects.Select(e => Effect(e)))}.");
            if (test.Contrasts.Where(c => c.PHolm < .05).Select(c => c.Stage!).ToList() is { Count: > 0 } apart)
                sentences.Add($"People and {test.GeneratingModel} differed at {Listed(apart)} (Holm-corrected p < .05).");
        }
        if (comparison?.Anova is { } between)
            sentences.Add($"Between {Listed(comparison.Models)}{Left(comparison.Participants, comparison.LeftOut)}, {string.Join("; ", between.Effects.Select(e => Effect(e)))}.");
        if (agreement is { Spearman: not null }) sentences.Add($"Recognisability to people and to other models: {Of(agreement)}");
        return string.Join(' ', sentences);
    }

    /// <summary>Coefficients of agreement with their intervals, as a sentence.</summary>
    public static string Of(Agreement agreement) =>
        $"Spearman ρ {Coefficient(agreement.Spearman, agreement.SpearmanInterval)}, Pearson R² {Coefficient(agreement.R2, agreement.R2Interval)}, Kendall τ {Coefficient(agreement.KendallTau, agreement.KendallInterval)} over {agreement.N} conditions.";

    /// <summary>What comes before the choice, without what the design leaves out: "a fixation cross (300 ms) and the picture (200 ms) were".</summary>
    private static string Phases(StudyMethods m)
    {
        string?[] phases =
        [
            Timed("an empty screen", m.BlankMs), Timed("a fixation cross", m.FixationMs),
            m.Medium == StimulusMedium.Sound ? $"the sound (played once, at most {m.StimulusMs} ms)" : $"the picture ({m.StimulusMs} ms)",
            m.Medium == StimulusMedium.Sound ? null : Timed("a noise mask", m.MaskMs),
        ];
        string[] there = [.. phases.OfType<string>()];
        return $"{Listed(there)} {(there.Length == 1 ? "was" : "were")}";

        static string? Timed(string what, int ms) => ms > 0 ? $"{what} ({ms} ms)" : null;
    }

    private static string Coefficient(double? value, Interval? interval) =>
        value is not { } number ? "undefined" : $"= {Unit(number, 3)}{(interval is { } i ? $", 95 % CI [{Unit(i.Lower)}, {Unit(i.Upper)}]" : "")}";

    private static string Left(int participants, int leftOut) =>
        leftOut > 0 ? $" ({participants} participants with a value in every cell; {leftOut} without were left out)" : "";

    private static string Looked(IReadOnlyList<ResultLook> looks) =>
        looks.Count == 0 ? "" : $" Results were looked at {looks.Count} {(looks.Count == 1 ? "time" : "times")} while data came in, with {string.Join(", ", looks.Select(l => l.Participants))} participants.";

    /// <summary>As APA writes a test: <c>F(1, 38) = 12.34, p &lt; .001, partial η² = .25</c>.</summary>
    public static string Effect(AnovaEffect effect)
    {
        var name = effect.Effect switch { "observer" => "the main effect of observer", "stage" => "the main effect of stage", "observer:stage" => "the interaction of observer and stage",
            "model" => "the main effect of model", "stage:model" => "the interaction of stage and model", _ => effect.Effect };
        if (effect.F is not { } f) return $"{name} cannot be tested: {effect.Reason}";
        var corrected = effect.Epsilon is { } e && effect.Df > 1 && effect.PGreenhouseGeisser is { } gg ? $", p(Greenhouse-Geisser, ε = {Unit(e.GreenhouseGeisser)}) {P(gg)}" : $", p {P(effect.P!.Value)}";
        var permuted = effect.Permutation is { } p ? $", p(permutation) {P(p.PlusOne)}" : "";
        var size = effect.PartialEtaSquared is { } eta ? $", partial η² = {Unit(eta)}" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{name}: F({effect.Df:0.##}, {effect.ErrorDf:0.##}) = {f:0.00}{corrected}{permuted}{size}");
    }

    /// <summary>APA: three decimals, no zero before the point, never .000.</summary>
    public static string P(double p) => p < .001 ? "< .001" : $"= {Unit(p, 3)}";

    /// <summary>A number that cannot exceed 1, without the zero before the point.</summary>
    public static string Unit(double value, int decimals = 2)
    {
        var text = value.ToString("F" + decimals, CultureInfo.InvariantCulture);
        return text.StartsWith("0.", StringComparison.Ordinal) ? text[1..] : text.StartsWith("-0.", StringComparison.Ordinal) ? "-" + text[2..] : text;
    }

    private static string Of(CurvePoint point) => string.Create(CultureInfo.InvariantCulture,
        $"{100 * point.Value.Mean:0.0} %{(point.Interval is { } i ? $" (95 % CI [{100 * i.Lower:0.0}, {100 * i.Upper:0.0}])" : "")}");

    private static string Excluded(StudyMethods m, StudySummary summary) => m.Exclusions.Count == 0 ? ""
        : $"By rules set before the start ({string.Join("; ", m.Exclusions)}), {summary.Excluded} further {(summary.Excluded == 1 ? "participant was" : "participants were")} left out. ";

    private static string Listed(IEnumerable<string> names)
    {
        string[] all = [.. names];
        return all.Length == 0 ? "no model" : all.Length == 1 ? all[0] : $"{string.Join(", ", all[..^1])} and {all[^1]}";
    }
}
