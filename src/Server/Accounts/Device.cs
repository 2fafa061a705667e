namespace PerceptionStudy.Server.Accounts;

/// <summary>What a browser calls itself, in two words that people read: browser and system.</summary>
public static class Device
{
    // Browsers name those that they come from as well: the more special one stands first.
    private static readonly (string Mark, string Name)[] Browsers =
        [("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung"), ("FxiOS", "Firefox"), ("Firefox", "Firefox"), ("CriOS", "Chrome"), ("Chrome", "Chrome"), ("Safari", "Safari")];

    private static readonly (string Mark, string Name)[] Systems =
        [("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("CrOS", "ChromeOS"), ("Mac OS X", "macOS"), ("Linux", "Linux")];

    public static string Of(string? userAgent) =>
        userAgent is null ? "not said" : string.Join(", ", new[] { Named(Browsers, userAgent), Named(Systems, userAgent) }.OfType<string>()) is { Length: > 0 } known ? known : "another";

    private static string? Named((string Mark, string Name)[] known, string userAgent) => known.FirstOrDefault(k => userAgent.Contains(k.Mark, StringComparison.Ordinal)).Name;
}
