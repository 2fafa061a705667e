using System.Text.Json;

namespace PerceptionStudy.Server.Analysis;

/// <summary>Names of enumerated values as tables write them: in lower case with underscores, made once.</summary>
public static class Words
{
    public static string Of<T>(T value) where T : struct, Enum => Known<T>.Names.TryGetValue(value, out var name) ? name : throw new ArgumentOutOfRangeException(nameof(value));

    private static class Known<T> where T : struct, Enum
    {
        public static readonly Dictionary<T, string> Names = Enum.GetValues<T>().ToDictionary(v => v, v => JsonNamingPolicy.SnakeCaseLower.ConvertName(v.ToString()));
    }
}
