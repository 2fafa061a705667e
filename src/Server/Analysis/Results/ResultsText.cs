using System.Globalization;
using PerceptionStudy.Server.Analysis.Statistics;

namespace PerceptionStudy.Server.Analysis.Results;

/// <summary>What a methods section needs to know of a study beyond its numbers.</summary>
/// <param name="Hashes">Of the published designs, and of the models by name.</param>
public sealed record StudyMethods(
    string Study, IReadOnlyList<int> Versions, IReadOnlyList<string> Categories, int StimulusMs, int FixationMs, int BlankMs, int MaskMs, int MainTrials, int CatchTrials,
    IReadOnlyList<(string Name, string Sha256)> Designs, IReadOnlyList<(string Name, string Sha256)> Models);

/// <summary>Paragraphs for a paper, in APA style, with the numbers on the page.</summary>
public static class ResultsText
{
    public static string Methods(StudyMethods m, StudySummary summary) => string.Create(CultureInfo.InvariantCulture,
        $"""
        {summary.Participants} {(summary.Participants == 1 ? "participant" : "participants")} took part in the {m.Categories.Count}-alternative forced-choice study "{m.Study}" (design version {string.Join(", ", m.Versions)}) over the web. In each of
        {m.MainTrials} main trials{(m.CatchTrials > 0 ? $" and {m.CatchTrials} catch trials" : "")} an empty screen ({m.BlankMs} ms) and a fixation cross ({m.FixationMs} ms) were followed by the picture ({m.StimulusMs} ms), a noise mask ({m.MaskMs} ms) and
        the choice among {string.Join(", ", m.Categories)}. Each participant saw each natural stimulus at most once, in one condition: natural, or as the
        metamer of one stage of {Listed(summary.Panels.Select(p => p.GeneratingModel))}. {summary.Trials} trials entered the analysis{(summary.Swapped > 0 ? $"; {summary.Swapped} trials whose metamer had not met the criteria, so that the natural stimulus was shown, did not" : "")}.
        Error bars and ± are the standard error of the mean over participants (population standard deviation / √N); intervals are 95 % percentile
        intervals of {ParticipantBootstrap.Resamples} bootstrap samples of participants. A model's value is its proportion correct on exactly the stimuli that each participant
        saw. Observer (people, generating model) by stage was tested by a mixed analysis of variance, with Greenhouse-Geisser correction and permutation tests
        (Feather et al., 2023). Design SHA-256: {string.Join("; ", m.Designs.Select(d => $"{d.Name} {d.Sha256}"))}. Model SHA-256: {string.Join("; ", m.Models.Select(d => $"{d.Name} {d.Sha256}"))}.
        """).ReplaceLineEndings(" ");

    /// <summary>One sentence for each effect of each panel that has a test.</summary>
    public static string Results(StudySummary summary, IReadOnlyList<PanelTests> tests)
    {
        var sentences = new List<string>();
        foreach (var test in tests)
        {
            var panel = summary.Panels.First(p => p.GeneratingModel == test.GeneratingModel);
            if (panel.Lines.FirstOrDefault(l => l.Observer != ObserverKind.Model) is { Points: [var first, .., var last] })
                sentences.Add($"Participants recognised {Of(first)} of the {first.Stage} stimuli and {Of(last)} of the metamers of {panel.GeneratingModel} at {last.Stage}.");
            if (test.Anova is not { } anova) continue;
            var left = test.LeftOut > 0 ? $" ({test.Participants} participants with a value at every stage; {test.LeftOut} without were left out)" : "";
            sentences.Add($"For {panel.GeneratingModel}{left}, {string.Join("; ", anova.Effects.Select(e => Effect(e)))}.");
        }
        return string.Join(' ', sentences);
    }

    /// <summary>As APA writes a test: <c>F(1, 38) = 12.34, p &lt; .001, partial η² = .25</c>.</summary>
    public static string Effect(AnovaEffect effect)
    {
        var name = effect.Effect switch { "observer" => "the main effect of observer", "stage" => "the main effect of stage", "observer:stage" => "the interaction of observer and stage", _ => effect.Effect };
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

    private static string Listed(IEnumerable<string> names)
    {
        string[] all = [.. names];
        return all.Length == 0 ? "no model" : all.Length == 1 ? all[0] : $"{string.Join(", ", all[..^1])} and {all[^1]}";
    }
}
