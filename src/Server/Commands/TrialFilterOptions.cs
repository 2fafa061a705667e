using System.CommandLine;
using PerceptionStudy.Server.Analysis;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Commands;

/// <summary>Options that say which trials of a study a command reads: the filters of the results page.</summary>
internal sealed class TrialFilterOptions
{
    private readonly Option<bool> synthetic = new("--synthetic") { Description = "Synthetic observers instead of people." };
    private readonly Option<bool> preview = new("--preview") { Description = "The sessions of researchers who tried drafts instead of people." };
    private readonly Option<bool> incomplete = new("--incomplete") { Description = "Also sessions that were not finished." };
    private readonly Option<bool> exclusionsOff = new("--no-exclusions") { Description = "As if the design had no exclusion rules." };
    private readonly Option<string?> recruiter = new("--recruiter") { Description = "Only participants who came by this recruiter, for example Prolific." };
    private readonly Option<string?> timing = new("--timing") { Description = $"Only trials whose timing verdict is at most as bad: {string.Join(" or ", TrialFilter.TimingWords)}." };
    private readonly Option<int?> version = new("--study-version") { Description = "Only this version of the study, with --preview only this draft (-1, -2, …); all by default." };

    public TrialFilterOptions()
    {
        timing.AcceptOnlyFromAmong([.. TrialFilter.TimingWords]);
        All = [synthetic, preview, incomplete, exclusionsOff, recruiter, timing, version];
    }

    public IReadOnlyList<Option> All { get; }

    /// <exception cref="RefusedException">They contradict each other.</exception>
    public TrialFilter Of(ParseResult parsed) => TrialFilter.Of(
        parsed.GetValue(synthetic), parsed.GetValue(preview), parsed.GetValue(version), parsed.GetValue(incomplete), parsed.GetValue(timing), parsed.GetValue(exclusionsOff) ? "off" : null, parsed.GetValue(recruiter));
}
