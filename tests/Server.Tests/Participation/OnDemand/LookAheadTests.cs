using CsCheck;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Participation.OnDemand;
using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Tests.Participation.OnDemand;

public class LookAheadTests
{
    [Theory]
    [InlineData("RRR", 8, 0)]
    [InlineData("CRR", 8, 1)]
    [InlineData("CCCR", 3, 3)]
    [InlineData("CCCR", 2, null)]
    [InlineData("CCC", 8, null)]
    // What will never be there falls back in its turn, and does not come forward.
    [InlineData("NRR", 8, 0)]
    [InlineData("CNN", 8, null)]
    [InlineData("CNR", 8, 2)]
    [InlineData("C", 0, null)]
    [InlineData("R", 0, 0)]
    public void The_first_that_is_ready_within_the_window_comes(string readiness, int window, int? expected) =>
        Assert.Equal(expected, LookAhead.Choose([.. readiness.Select(r => new OpenTrial(Of(r), "cat"))], window, [], null));

    [Theory]
    [InlineData("cat cat", 2, 1)]
    [InlineData("cat dog", 2, 0)]
    [InlineData("cat", 2, 0)]
    [InlineData("cat", 1, 1)]
    [InlineData("cat cat cat", null, 0)]
    public void The_rule_about_categories_in_a_row_holds_while_something_ready_keeps_to_it(string before, int? most, int expected) =>
        Assert.Equal(expected, LookAhead.Choose([new(Readiness.Ready, "cat"), new(Readiness.Ready, "dog")], 8, before.Split(' '), most));

    [Fact]
    public void Nobody_waits_for_the_rule() =>
        Assert.Equal(1, LookAhead.Choose([new(Readiness.Coming, "dog"), new(Readiness.Ready, "cat")], 8, ["cat", "cat"], 2));

    [Fact]
    public void Whatever_comes_when_every_trial_is_shown_once_and_none_more_than_the_window_early() => Gen.Select(
        Gen.Int[0, 8], Gen.Int[0, 30].Array[1, 30]).Sample((window, readyAt) =>
        {
            // Trial n is ready from moment readyAt[n] on; at each moment one trial may be settled, or nothing.
            var open = Enumerable.Range(0, readyAt.Length).ToList();
            var shown = new List<int>();
            for (var moment = 0; open.Count > 0; moment++)
            {
                var choice = LookAhead.Choose([.. open.Select(n => new OpenTrial(readyAt[n] <= moment ? Readiness.Ready : Readiness.Coming, "cat"))], window, [], null);
                if (choice is not { } index) continue;
                Assert.True(readyAt[open[index]] <= moment);
                Assert.True(open[index] - shown.Count <= window, $"Trial {open[index]} came at place {shown.Count}.");
                shown.Add(open[index]);
                open.RemoveAt(index);
            }
            Assert.Equal(Enumerable.Range(0, readyAt.Length), shown.Order());
        });

    [Theory]
    [InlineData(TrialOrder.Random, "A c B n", 4)]
    [InlineData(TrialOrder.BlockedByModel, "A c A B n", 3)]
    [InlineData(TrialOrder.BlockedByModel, "c A c B", 3)]
    [InlineData(TrialOrder.BlockedByModel, "n n A", 2)]
    [InlineData(TrialOrder.BlockedByModel, "c c", 2)]
    public void Trials_change_places_within_their_block(TrialOrder order, string trials, int expected)
    {
        var open = trials.Split(' ').Select(word => new Trial
        {
            StimulusKey = "", CorrectCategory = "", IsCatch = word == "c", ModelId = word is "c" or "n" ? null : DrawCase.Id(word[0]),
        }).ToList();
        Assert.Equal(expected, OpenTrials.BlockOf(open, order).Count);
    }

    [Fact]
    public void What_comes_forward_pushes_the_others_one_place_back_and_rows_keep_what_the_browser_knows()
    {
        List<Trial> rows = [.. Enumerable.Range(0, 4).Select(n => new Trial { Id = DrawCase.Id(n), StimulusKey = $"key{n}", Position = n, MaskSeed = n, CorrectCategory = $"category{n}", NaturalStimulusId = DrawCase.Id(10 + n) })];
        new OpenTrials(rows, []).BringForward(2);
        Assert.Equal(["category2", "category0", "category1", "category3"], rows.Select(r => r.CorrectCategory));
        Assert.Equal([12, 10, 11, 13], rows.Select(r => Enumerable.Range(10, 4).Single(n => DrawCase.Id(n) == r.NaturalStimulusId)));
        Assert.All(rows.Index(), r => Assert.Equal((DrawCase.Id(r.Index), $"key{r.Index}", r.Index, r.Index), (r.Item.Id, r.Item.StimulusKey, r.Item.Position, r.Item.MaskSeed)));
    }

    private static Readiness Of(char letter) => letter switch { 'R' => Readiness.Ready, 'C' => Readiness.Coming, _ => Readiness.Never };
}
