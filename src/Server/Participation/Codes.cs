using System.Security.Cryptography;

namespace PerceptionStudy.Server.Participation;

/// <summary>Codes that people copy by hand: 5 random bits in each of the letters and digits that are not mistaken for each other.</summary>
public static class Codes
{
    private const string Letters = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";

    public static string New(int length) => RandomNumberGenerator.GetString(Letters, length);

    /// <summary>A typed code as it is kept: without blanks and dashes, in capitals.</summary>
    public static string Clean(string? typed) => new([.. (typed ?? "").Where(char.IsAsciiLetterOrDigit).Select(char.ToUpperInvariant)]);
}
