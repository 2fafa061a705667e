using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Participation;

namespace PerceptionStudy.Server.Analysis;

/// <summary>
/// Which trials of a study to read: what the filters of the results page, the address of a download and the options of a command say. People, synthetic observers
/// and researchers who tried a draft never come together.
/// </summary>
/// <param name="Version">Number of one version, or null for all: all that are published, or for previews all drafts that were tried. Below 0 for a draft that was tried or simulated.</param>
/// <param name="IncludeIncomplete">Also sessions that are still under way or were left; withdrawn ones never.</param>
/// <param name="IgnoreExclusions">As if the designs had no exclusion rules. Sessions that a rule leaves out are read in any case; their trials do not count.</param>
/// <param name="Recruiter">Only who came by this recruiter; null for all.</param>
/// <param name="WorstTiming">Only trials whose timing verdict is at most as bad, of people and the models' answers to them alike; null for all. Rules look at all trials of a session before.</param>
public sealed record TrialFilter(
    ObserverType Observers = ObserverType.Human, int? Version = null, bool IncludeIncomplete = false, bool IgnoreExclusions = false, string? Recruiter = null, TimingVerdict? WorstTiming = null)
{
    /// <summary>The words of <see cref="WorstTiming"/> that leave anything out.</summary>
    public static readonly IReadOnlyList<string> TimingWords = [.. Enum.GetValues<TimingVerdict>().SkipLast(1).Select(Words.Of)];

    /// <summary>Of the words in an address.</summary>
    /// <exception cref="RefusedException">A word is none of those that there are, or two kinds of observers are asked for.</exception>
    public static TrialFilter Of(bool synthetic = false, bool preview = false, int? version = null, bool incomplete = false, string? timing = null, string? exclusions = null, string? recruiter = null)
    {
        if (synthetic && preview) throw new RefusedException("Synthetic observers and previews never stand in one file: ask for one of them.");
        if (!string.IsNullOrEmpty(timing) && TimingOf(timing) is null) throw new RefusedException($"'{timing}' is no verdict on timing: say {string.Join(" or ", TimingWords)}, or nothing for all trials.");
        if (exclusions is not (null or "" or "on" or "off")) throw new RefusedException($"The exclusion rules are on or off, not '{exclusions}'.");
        return new TrialFilter(
            synthetic ? ObserverType.Synthetic : preview ? ObserverType.Preview : ObserverType.Human, version, incomplete, exclusions == "off", string.IsNullOrEmpty(recruiter) ? null : recruiter, TimingOf(timing));
    }

    /// <summary>Null for what is no such word.</summary>
    public static TimingVerdict? TimingOf(string? word) => Enum.GetValues<TimingVerdict>().Cast<TimingVerdict?>().FirstOrDefault(v => Words.Of(v!.Value) == word);

    /// <summary>The same sessions with all of their trials, under the rules of the design: what is exported unless somebody asks for less.</summary>
    public TrialFilter Whole() => this with { IgnoreExclusions = false, Recruiter = null, WorstTiming = null };

    /// <summary>As the address of a report, a download or the API says it.</summary>
    public string Query => string.Join('&', new[]
    {
        Observers switch { ObserverType.Synthetic => "synthetic=true", ObserverType.Preview => "preview=true", _ => null },
        IncludeIncomplete ? "incomplete=true" : null,
        Version is { } version ? $"version={version}" : null,
        WorstTiming is { } worst ? $"timing={Words.Of(worst)}" : null,
        IgnoreExclusions ? "exclusions=off" : null,
        Recruiter is { } recruiter ? $"recruiter={Uri.EscapeDataString(recruiter)}" : null,
    }.OfType<string>());

    /// <summary>As part of a sentence, whose answers they are left out.</summary>
    public string InWords =>
        (Version switch { null when Observers == ObserverType.Preview => "all drafts", null => "all versions", < 0 => $"draft {Version}", _ => $"version {Version}" })
        + (IncludeIncomplete ? ", unfinished sessions too" : "")
        + (WorstTiming is { } worst ? $", only trials whose timing is {Words.Of(worst).Replace('_', ' ')}{(worst == TimingVerdict.Exact ? "" : " or better")}" : "")
        + (IgnoreExclusions ? ", exclusion rules off" : "")
        + (Recruiter is { } recruiter ? $", only participants who came by {recruiter}" : "");
}
