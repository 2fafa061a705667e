namespace PerceptionStudy.Server.Campaigns;

/// <summary>One category of a confusion: stimuli of it, and how many of them were taken for it.</summary>
public sealed record AccuracyRow(string Category, int Stimuli, int Correct);

/// <summary>Stimuli of a category that were taken for another.</summary>
public sealed record Mistake(string Category, string Answer, int Count);

/// <summary>What a confusion tells.</summary>
public sealed record AccuracyFigures
{
    /// <summary>One for each category of the stimuli.</summary>
    public required IReadOnlyList<AccuracyRow> Rows { get; init; }

    /// <summary>The stimuli's categories, then the others that were answered.</summary>
    public required IReadOnlyList<string> Answers { get; init; }

    /// <summary>What was taken for something else, the most frequent first.</summary>
    public required IReadOnlyList<Mistake> Mistakes { get; init; }

    public int Stimuli => Rows.Sum(r => r.Stimuli);
    public int Correct => Rows.Sum(r => r.Correct);

    /// <summary>Share of the stimuli whose category was seen, 0 to 1; 0 without stimuli.</summary>
    public double Accuracy => Stimuli == 0 ? 0 : (double)Correct / Stimuli;

    public static AccuracyFigures Of(ModelAccuracy measured)
    {
        var confusion = measured.Confusion;
        return new AccuracyFigures
        {
            Rows = [.. confusion.Select(c => new AccuracyRow(c.Key, c.Value.Values.Sum(), c.Value.GetValueOrDefault(c.Key)))],
            Mistakes = [.. confusion.SelectMany(c => c.Value.Where(a => a.Key != c.Key).Select(a => new Mistake(c.Key, a.Key, a.Value))).OrderByDescending(m => m.Count)],
            Answers = [.. confusion.Keys, .. confusion.Values.SelectMany(c => c.Keys).Distinct().Except(confusion.Keys).Order(StringComparer.Ordinal)],
        };
    }
}
