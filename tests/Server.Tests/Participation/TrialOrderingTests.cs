using CsCheck;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Tests.Participation;

public class TrialOrderingTests
{
    private static List<PlannedTrial> MainTrials(DrawCase c, AssignmentSettings settings) =>
        [.. TrialSequence.Draw(c.Design with { Assignment = settings }, c.Stimuli, new Dictionary<TrialCell, int>(), c.Seed).Where(t => t.Phase == TrialPhase.Main)];

    [Fact]
    public void No_category_comes_more_often_in_a_row_than_allowed() =>
        Gen.Select(Gen.Int[3, 6], Gen.Int[2, 5], Gen.Int[1, 3], Gen.Int).Sample((categories, each, most, seed) =>
        {
            var c = DrawCase.Make(categories, each, 2, 3, categories * each, categories, 0, seed);
            var order = MainTrials(c, new() { MostOfACategoryInARow = most }).Select(t => t.CorrectCategory).ToList();
            Assert.Equal(categories * each + categories, order.Count);
            for (var n = most; n < order.Count; n++) Assert.False(order.Skip(n - most).Take(most + 1).Distinct().Count() == 1, string.Join(' ', order));
        }, iter: 300);

    [Fact]
    public void Blocks_hold_one_model_each()
    {
        var c = DrawCase.Make(4, 6, 0, 3, 24, 4, 0, seed: 5);
        var second = new StudyCondition(Guid.NewGuid(), Guid.NewGuid());
        c = c with { Design = c.Design with { Conditions = [.. c.Design.Conditions, second] } };
        var models = MainTrials(c, new() { Order = TrialOrder.BlockedByModel }).Where(t => !t.IsCatch).Select(t => t.Condition.ModelId).ToList();
        // Natural and two models: the block changes twice.
        Assert.Equal(2, models.Zip(models.Skip(1)).Count(pair => pair.First != pair.Second));
    }

    [Fact]
    public void What_has_no_metamer_is_left_out_if_the_design_says_so()
    {
        var c = DrawCase.Make(4, 3, 0, 2, 12, 0, 1, seed: 9);
        var none = c with { Stimuli = c.Stimuli with { Metamers = new Dictionary<TrialCell, Guid>() } };
        var replaced = MainTrials(none, new());
        Assert.Equal((12, 8), (replaced.Count, replaced.Count(t => t.Swapped)));
        var left = MainTrials(none, new() { MissingMetamer = MissingMetamer.LeaveOut });
        Assert.Equal(4, left.Count);
        Assert.All(left, t => Assert.True(t.Condition.IsNatural && !t.Swapped));
    }
}
