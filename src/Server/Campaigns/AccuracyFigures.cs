namespace PerceptionStudy.Server.Campaigns;

/// <summary>One category of a confusion: pictures of it, and how many of them were seen as it.</summary>
public sealed record AccuracyRow(string Category, int Pictures, int Correct);

/// <summary>What a confusion tells.</summary>
public sealed record AccuracyFigures
{
    /// <summary>One for each category of the pictures.</summary>
    public required IReadOnlyList<AccuracyRow> Rows { get; init; }

    /// <summary>The pictures' categories, then the others that were answered.</summary>
    public required IReadOnlyList<string> Answers { get; init; }

    public int Pictures => Rows.Sum(r => r.Pictures);
    public int Correct => Rows.Sum(r => r.Correct);

    /// <summary>Share of the pictures whose category was seen, 0 to 1; 0 without pictures.</summary>
    public double Accuracy => Pictures == 0 ? 0 : (double)Correct / Pictures;

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
