using Microsoft.AspNetCore.WebUtilities;
using PerceptionStudy.Server.Analysis;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Participation;

namespace PerceptionStudy.Server.Tests.Analysis;

public sealed class TrialFilterTests
{
    public static TheoryData<TrialFilter, string> Filters => new()
    {
        { new TrialFilter(), "all versions" },
        { new TrialFilter(ObserverType.Preview, IncludeIncomplete: true), "all drafts, unfinished sessions too" },
        { new TrialFilter(ObserverType.Synthetic, -2), "draft -2" },
        { new TrialFilter(Version: 2, WorstTiming: TimingVerdict.Exact), "version 2, only trials whose timing is exact" },
        { new TrialFilter(WorstTiming: TimingVerdict.OffByOne, IgnoreExclusions: true, Recruiter: "A & B"), "all versions, only trials whose timing is off by one or better, exclusion rules off, only participants who came by A & B" },
    };

    [Theory]
    [MemberData(nameof(Filters))]
    public void An_address_and_a_sentence_say_all_of_it(TrialFilter filter, string words)
    {
        Assert.Equal(words, filter.InWords);
        var query = QueryHelpers.ParseQuery(filter.Query).ToDictionary(q => q.Key, q => q.Value.ToString());
        Assert.Equal(filter, TrialFilter.Of(
            query.ContainsKey("synthetic"), query.ContainsKey("preview"), query.TryGetValue("version", out var version) ? int.Parse(version) : null, query.ContainsKey("incomplete"),
            query.GetValueOrDefault("timing"), query.GetValueOrDefault("exclusions"), query.GetValueOrDefault("recruiter")));
    }

    [Fact]
    public void What_there_is_not_is_refused_with_what_there_is()
    {
        Assert.Equal("'good' is no verdict on timing: say exact or off_by_one, or nothing for all trials.", Assert.Throws<RefusedException>(() => TrialFilter.Of(timing: "good")).Message);
        Assert.Equal("The exclusion rules are on or off, not 'no'.", Assert.Throws<RefusedException>(() => TrialFilter.Of(exclusions: "no")).Message);
        Assert.Contains("ask for one of them", Assert.Throws<RefusedException>(() => TrialFilter.Of(synthetic: true, preview: true)).Message, StringComparison.Ordinal);
    }
}
