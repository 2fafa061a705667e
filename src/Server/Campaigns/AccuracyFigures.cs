namespace PerceptionStudy.Server.Campaigns;

/// <summary>One category of a confusion: stimuli of it, and how many of them were taken for it.</summary>
public sealed record AccuracyRow(string Category, int Stimuli, int Correct);

/// <summary>What a confusion tells.</summary>
public sealed record AccuracyFigures
{
    /// <summary>One for each category of the stimuli.</summary>
    public required IReadOnlyList<AccuracyRow> Rows { get; init; }

    /// <summary>The stimuli's categories, then the others that were answered.</summary>
    public required IReadOnlyList<string> Answers { get; init; }

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
            Answers = [.. confusion.Keys, .. confusion.Values.SelectMany(c => c.Keys).Distinct().Except(confusion.Keys).Order(StringComparer.Ordinal)],
        };
    }
}
