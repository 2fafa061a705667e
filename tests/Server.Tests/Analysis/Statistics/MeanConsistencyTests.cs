using PerceptionStudy.Server.Analysis;
using PerceptionStudy.Server.Analysis.Statistics;

namespace PerceptionStudy.Server.Tests.Analysis.Statistics;

public sealed class MeanConsistencyTests
{
    [Fact]
    public void Means_are_those_of_the_pairs_by_kind()
    {
        var choices = Answers("ann", "bob", "cleo", "net", "web");
        var lines = MeanConsistency.Of(choices, new HashSet<string> { "net", "web" }).ToDictionary(l => l.Who);
        Assert.Equal(["net with web", "people with each other", "people with net", "people with web"], lines.Keys.Order(StringComparer.Ordinal));
        var pairs = ErrorConsistency.Pairs(choices).ToDictionary(p => (p.A, p.B));
        Assert.Equal(new[] { ("ann", "bob"), ("ann", "cleo"), ("bob", "cleo") }.Average(p => pairs[p].Kappa), lines["people with each other"].Kappa, 12);
        Assert.Equal(new[] { "ann", "bob", "cleo" }.Average(p => pairs[(p, "net")].Kappa), lines["people with net"].Kappa, 12);
        Assert.Equal(new[] { "ann", "bob", "cleo" }.Average(p => pairs[(p, "net")].Bounds.Upper), lines["people with net"].Bounds.Upper, 12);
        Assert.Equal((1, 3, 3), (lines["net with web"].Pairs, lines["people with net"].Pairs, lines["people with each other"].Pairs));
        Assert.All(lines.Values, l => Assert.True(l.Interval!.Value.Lower <= l.Kappa && l.Kappa <= l.Interval.Value.Upper && l.Bounds.Lower <= l.Kappa && l.Kappa <= l.Bounds.Upper));
    }

    [Fact]
    public void Intervals_over_people_hold_the_mean_of_all_as_often_as_they_say()
    {
        // Each person answers as the model does on a share of the stimuli that differs from person to person: κ with the model is that share on average.
        var held = 0;
        for (var study = 0; study < 300; study++)
        {
            var random = new Random(study);
            var model = Enumerable.Range(0, 200).Select(_ => random.Next(2) == 0).ToArray();
            var choices = new List<Choice>(Of("net", model));
            for (var person = 0; person < 20; person++)
            {
                var share = 0.2 + 0.6 * random.NextDouble();
                choices.AddRange(Of($"p{person}", [.. model.Select(right => random.NextDouble() < share ? right : random.Next(2) == 0)]));
            }
            var line = MeanConsistency.Of(choices, new HashSet<string> { "net" }, resamples: 400, seed: study).Single(l => l.Who == "people with net");
            if (line.Interval!.Value.Lower <= 0.5 && 0.5 <= line.Interval.Value.Upper) held++;
        }
        Assert.InRange(held / 300.0, 0.91, 0.985);
    }

    [Fact]
    public void One_person_has_no_interval() =>
        Assert.Null(MeanConsistency.Of(Answers("ann", "net"), new HashSet<string> { "net" }).Single().Interval);

    private static List<Choice> Answers(params string[] observers)
    {
        var random = new Random(1);
        return [.. observers.SelectMany(o => Of(o, [.. Enumerable.Range(0, 60).Select(n => random.NextDouble() < (n % 3 == 0 ? .3 : .8))]))];
    }

    private static IEnumerable<Choice> Of(string observer, bool[] right) => right.Select((r, n) => new Choice(observer, "c", $"s{n}", "cat", r ? "cat" : "dog"));
}
