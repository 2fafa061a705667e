namespace PerceptionStudy.Server.Analysis.Statistics;

/// <summary>Decisions by shape and by texture on stimuli whose cues conflict (Geirhos et al. 2019).</summary>
/// <param name="Shape">Trials answered with the category of the shape.</param>
/// <param name="Texture">Trials answered with the category of the texture.</param>
/// <param name="Trials">All conflict trials; what is neither shape nor texture is the rest.</param>
public readonly record struct ShapeBias(int Shape, int Texture, int Trials)
{
    /// <summary>Shape / (shape + texture), from 0 to 1; null where neither was ever answered.</summary>
    public double? Overall => Shape + Texture == 0 ? null : (double)Shape / (Shape + Texture);

    /// <summary>95 %, Wilson's.</summary>
    public Interval? Interval => ProportionInterval.Wilson(Shape, Shape + Texture);

    /// <summary>Over the trials whose stimulus is named after its category and another; null where there are none: then the stimuli are no cue conflicts.</summary>
    public static ShapeBias? Of(IReadOnlyCollection<Choice> choices)
    {
        var conflicts = (from choice in choices
                         let cues = Cues(choice.StimulusName ?? choice.Stimulus)
                         where cues is { } c && c.Shape != c.Texture && c.Shape == choice.Category
                         select (choice.Response, cues.Value.Shape, cues.Value.Texture)).ToList();
        return conflicts.Count == 0 ? null : new ShapeBias(conflicts.Count(c => c.Response == c.Shape), conflicts.Count(c => c.Response == c.Texture), conflicts.Count);
    }

    /// <summary>Shape and texture from names like <c>cat1-truck3.png</c>, whatever stands before the last underscore; null for other names.</summary>
    public static (string Shape, string Texture)? Cues(string stimulus)
    {
        var parts = stimulus[(stimulus.LastIndexOf('_') + 1)..].Split('.')[0].Split('-');
        if (parts.Length != 2) return null;
        var (shape, texture) = (parts[0].TrimEnd(Digits), parts[1].TrimEnd(Digits));
        return shape.Length == 0 || texture.Length == 0 ? null : (shape, texture);
    }

    private static readonly char[] Digits = [.. "0123456789"];
}
