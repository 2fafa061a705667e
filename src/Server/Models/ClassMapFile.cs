using System.Globalization;
using System.Text.Json;
using CsvHelper;

namespace PerceptionStudy.Server.Models;

/// <summary>
/// Reads a map from a model's classes to categories: JSON, <c>{"cat": [281, "tabby"], "dog": [151]}</c>, or CSV with the columns <c>category</c>
/// and <c>class</c>. A class is its number from 0, or its name where the class names are known.
/// </summary>
public static class ClassMapFile
{
    /// <param name="text">The file's text.</param>
    /// <param name="classes">Names of the model's classes, or null.</param>
    /// <exception cref="FormatException">The text is no such map; the message says where, and what to do.</exception>
    public static Dictionary<string, int[]> Read(string text, string[]? classes)
    {
        var pairs = (text.TrimStart().StartsWith('{') ? FromJson(text) : FromCsv(text)).ToList();
        if (pairs.Count == 0) throw new FormatException("The file names no class: give a line, or an entry, for each class that belongs to a category.");
        var numbers = classes?.Index().DistinctBy(c => c.Item).ToDictionary(c => c.Item, c => c.Index, StringComparer.OrdinalIgnoreCase) ?? [];
        var map = pairs.GroupBy(p => p.Category).ToDictionary(g => g.Key, g => g.Select(p => Number(p.Class, p.Category)).Distinct().Order().ToArray());
        if (map.SelectMany(c => c.Value.Select(i => (Class: i, c.Key))).GroupBy(c => c.Class).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw new FormatException($"Class {twice.Key} belongs to both {twice.First().Key} and {twice.Last().Key}: leave it in one of them.");
        return map;

        int Number(string name, string category)
        {
            if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number)) return number;
            if (numbers.TryGetValue(name, out number)) return number;
            throw new FormatException(classes is null
                ? $"“{name}” of the category {category} is no number, and the class names are not known yet: give them first, or write numbers from 0."
                : $"The model has no class “{name}” for the category {category}: write its name as in the list of class names, or its number from 0.");
        }
    }

    private static IEnumerable<(string Category, string Class)> FromJson(string text)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(text, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        }
        catch (JsonException e)
        {
            throw new FormatException($"The file is not valid JSON (line {e.LineNumber + 1}): write it as {{\"cat\": [281, 282], \"dog\": [151]}}.", e);
        }
        using (document)
        {
            foreach (var category in document.RootElement.EnumerateObject())
            {
                if (category.Value.ValueKind != JsonValueKind.Array) throw new FormatException($"The category {category.Name} needs a list of classes, for example [281, 282].");
                foreach (var entry in category.Value.EnumerateArray()) yield return (category.Name.Trim(), entry.ValueKind == JsonValueKind.String ? entry.GetString()!.Trim() : entry.GetRawText());
            }
        }
    }

    private static IEnumerable<(string Category, string Class)> FromCsv(string text)
    {
        using var reader = CsvReader.FromText(text, new CsvReaderOptions { TrimWhitespace = true });
        if (!reader.Headers.Contains("category") || !reader.Headers.Contains("class"))
            throw new FormatException("A map as CSV begins with the line category,class; as JSON it is one object, {\"cat\": [281, 282]}.");
        while (reader.Read())
        {
            if (reader.GetString("category") is { Length: > 0 } category && reader.GetString("class") is { Length: > 0 } name) yield return (category, name);
        }
    }
}
