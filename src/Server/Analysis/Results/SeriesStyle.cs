using PerceptionStudy.Server.Analysis.Statistics;

namespace PerceptionStudy.Server.Analysis.Results;

/// <summary>One colour for people and one for each model, the same in every panel, from the theme's palette, so that light and dark both fit.</summary>
public sealed class SeriesStyle(IEnumerable<CurvePanel> panels)
{
    private static readonly string[] ModelColours = ["secondary", "tertiary", "success", "info", "warning", "error"];

    private readonly List<string> models =
        [.. panels.SelectMany(p => p.Lines).Where(l => l.Observer == ObserverKind.Model).Select(l => l.Name).Distinct().Order(StringComparer.Ordinal)];

    public string Colour(CurveLine line) => line.Observer == ObserverKind.Model
        ? $"var(--mud-palette-{ModelColours[models.IndexOf(line.Name) % ModelColours.Length]})"
        : "var(--mud-palette-primary)";

    /// <summary>Of a generating model; that of its own line, if it has one.</summary>
    public string ColourOfModel(string model) => models.Contains(model)
        ? $"var(--mud-palette-{ModelColours[models.IndexOf(model) % ModelColours.Length]})"
        : "var(--mud-palette-primary)";

    public static string Class(CurveLine line) => line.Observer != ObserverKind.Model ? "people" : line.Generating ? "generating" : "other";

    public static string Name(CurveLine line) => Name(line.Observer, line.Name);

    /// <param name="model">Name of the model, where it is one.</param>
    public static string Name(ObserverKind observer, string model) => observer switch
    {
        ObserverKind.Human => "people",
        ObserverKind.Synthetic => "synthetic observers",
        ObserverKind.Preview => "previews",
        _ => model,
    };

    /// <summary>Short enough to stand beside a line's end.</summary>
    public static string EndLabel(CurveLine line) => line.Observer == ObserverKind.Synthetic ? "synthetic" : SvgText.Shortened(Name(line), most: 13);

    public static string Role(CurveLine line) => line.Observer == ObserverKind.Model ? line.Generating ? " (generating)" : " (recognising)" : ", mean ± SEM";
}
