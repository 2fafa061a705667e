using System.Text.Json;
using System.Text.Json.Serialization;

namespace PerceptionStudy.Shared.Texts;

/// <summary>
/// What the program itself says to participants, in one language: <c>Texts/en.json</c> and the files beside it. A further language is a further
/// file; one that lacks a text is not read. {0} and {1} stand for what the comment says.
/// </summary>
public sealed partial record ParticipantTexts
{
    private static readonly Dictionary<string, ParticipantTexts> Known = typeof(ParticipantTexts).Assembly.GetManifestResourceNames()
        .Where(name => name.StartsWith("Texts.", StringComparison.Ordinal)).ToDictionary(name => name["Texts.".Length..^".json".Length], Read, StringComparer.OrdinalIgnoreCase);

    /// <summary>Languages that there are, English first.</summary>
    public static IReadOnlyList<string> Languages { get; } = [.. Known.Keys.OrderBy(language => language != "en").ThenBy(language => language, StringComparer.Ordinal)];

    /// <summary>Tag of the language, for the page's <c>lang</c>.</summary>
    [JsonIgnore]
    public string Language { get; private set; } = "en";

    /// <summary>
    /// Texts in the first language that there is: of a study's choice, then of what a browser asks for (as in <c>Accept-Language</c>, for example
    /// <c>de-CH,de;q=0.9,en;q=0.5</c>), then English.
    /// </summary>
    public static ParticipantTexts In(string? study, string? browser)
    {
        var wishes = (browser ?? "").Split(',').Select(wish => wish.Split(';'))
            .OrderByDescending(wish => wish.Length > 1 && double.TryParse(wish[1].Trim().TrimStart('q', '='), System.Globalization.CultureInfo.InvariantCulture, out var weight) ? weight : 1)
            .Select(wish => wish[0].Trim());
        foreach (var wish in wishes.Prepend(study ?? ""))
        {
            if (Known.TryGetValue(wish.Split('-')[0], out var texts)) return texts;
        }
        return Known["en"];
    }

    private static ParticipantTexts Read(string resource)
    {
        using var file = typeof(ParticipantTexts).Assembly.GetManifestResourceStream(resource)!;
        var texts = JsonSerializer.Deserialize(file, ParticipantTextsJson.Default.ParticipantTexts)!;
        texts.Language = resource["Texts.".Length..^".json".Length];
        return texts;
    }
}

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ParticipantTexts))]
internal sealed partial class ParticipantTextsJson : JsonSerializerContext;
