using System.Text.RegularExpressions;

namespace PerceptionStudy.Server.Studies;

/// <summary>
/// An address to which participants go back: https, of a host that stands in the design, with <c>{code}</c>, <c>{participant}</c> (the
/// recruiter's id of the person) and <c>{session}</c> (the recruiter's id of the submission) in its path or query. What comes from the link is
/// only ever put in as an escaped value, so that a link cannot lead anybody elsewhere.
/// </summary>
public static partial class ReturnPattern
{
    /// <summary>What the recruiters' own pages want, for the editor to offer.</summary>
    public static readonly IReadOnlyDictionary<string, string> Known = new Dictionary<string, string>
    {
        ["Prolific"] = "https://app.prolific.com/submissions/complete?cc={code}",
        ["SONA"] = "https://YOUR-SCHOOL.sona-systems.com/webstudy_credit.aspx?experiment_id=NUMBER&credit_token=TOKEN&survey_code={participant}",
        ["CloudResearch Connect"] = "https://connect.cloudresearch.com/participant/project/PROJECT/complete",
    };

    /// <summary>What is wrong with a pattern, as the end of a sentence; null if nothing is.</summary>
    public static string? Problem(string pattern)
    {
        foreach (Match placeholder in Placeholder().Matches(pattern))
        {
            if (placeholder.Value is not ("{code}" or "{participant}" or "{session}"))
                return $"holds {placeholder.Value}, which is none of {{code}}, {{participant}} and {{session}}";
        }
        if (!Uri.TryCreate(Placeholder().Replace(pattern, "x"), UriKind.Absolute, out var filled)) return "is not an address";
        if (filled.Scheme != Uri.UriSchemeHttps) return "does not begin with https://";
        if (filled.UserInfo.Length > 0) return "holds a user name";
        if (Host().Match(pattern) is var host && (!host.Success || host.Value.Contains('{', StringComparison.Ordinal))) return "has a placeholder in its host";
        return null;
    }

    /// <summary>The address for one person; values that are absent are left empty. Null for a pattern that is not sound.</summary>
    public static string? Fill(string? pattern, string? code, string? participant, string? submission)
    {
        if (string.IsNullOrWhiteSpace(pattern) || Problem(pattern) is not null) return null;
        return Placeholder().Replace(pattern, placeholder => Uri.EscapeDataString(placeholder.Value switch
        {
            "{code}" => code ?? "",
            "{participant}" => participant ?? "",
            _ => submission ?? "",
        }));
    }

    [GeneratedRegex("""\{[^}]*\}?""")]
    private static partial Regex Placeholder();

    [GeneratedRegex("""^https://[^/?#]*""", RegexOptions.IgnoreCase)]
    private static partial Regex Host();
}
