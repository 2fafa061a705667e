using CsCheck;
using PerceptionStudy.Server.Participation;

namespace PerceptionStudy.Server.Tests.Participation;

public sealed class TrialChoicesTests
{
    private static readonly Gen<DrawCase> Cases =
        from categories in Gen.Int[3, 8]
        from each in Gen.Int[1, 5]
        from practice in Gen.Int[0, 5]
        from choices in Gen.Int[2, categories - 1]
        from seed in Gen.Int
        select Drawn(categories, each, practice, catches: seed % 2 == 0 ? 0 : categories, choices, seed);

    private static DrawCase Drawn(int categories, int each, int practice, int catches, int choices, int seed)
    {
        var c = DrawCase.Make(categories, each, practice, stages: 2, trials: categories * each, catches, holes: 0, seed);
        return c with { Design = c.Design with { Response = new() { ChoicesPerTrial = choices } } };
    }

    private static IReadOnlyList<PlannedTrial> Draw(DrawCase c) => TrialSequence.Draw(c.Design, c.Stimuli, new Dictionary<TrialCell, int>(), c.Seed);

    [Fact]
    public void Every_trial_has_the_right_choice_once_and_different_foils() => Cases.Sample(c => Assert.All(Draw(c), trial =>
    {
        Assert.Equal(c.Design.ChoicesPerTrial, trial.Choices!.Length);
        Assert.Contains(trial.CorrectCategory, trial.Choices);
        Assert.Equal(trial.Choices.Length, trial.Choices.Intersect(c.Design.Categories).Count());
    }));

    [Fact]
    public void The_right_choice_is_at_each_place_equally_often_in_practice_and_main_block() => Cases.Sample(c =>
    {
        foreach (var phase in Draw(c).GroupBy(t => t.Phase))
        {
            var places = Enumerable.Range(0, c.Design.ChoicesPerTrial).Select(place => phase.Count(t => t.Choices![place] == t.CorrectCategory)).ToList();
            Assert.InRange(places.Max() - places.Min(), 0, 1);
        }
    });

    [Fact]
    public void The_same_seed_draws_the_same_and_without_drawn_choices_nothing_else_changes() => Cases.Sample(c =>
    {
        var (trials, again) = (Draw(c), Draw(c));
        Assert.Equal(trials.SelectMany(t => t.Choices!), again.SelectMany(t => t.Choices!));
        var plain = Draw(c with { Design = c.Design with { Response = new() } });
        Assert.All(plain, t => Assert.Null(t.Choices));
        Assert.Equal(plain, trials.Select(t => t with { Choices = null }));
    });

    [Fact]
    public void Foils_come_equally_often_and_order_tells_nothing()
    {
        var (foils, followed) = (new Dictionary<string, int>(), 0);
        for (var seed = 0; seed < 400; seed++)
        {
            var trials = Draw(Drawn(categories: 5, each: 4, practice: 0, catches: 0, choices: 2, seed));
            foreach (var trial in trials) foils[trial.Choices!.Single(c => c != trial.CorrectCategory)] = foils.GetValueOrDefault(trial.Choices!.Single(c => c != trial.CorrectCategory)) + 1;
            followed += trials.Zip(trials.Skip(1)).Count(pair => Place(pair.First) == Place(pair.Second));
        }
        // 8,000 foils of 5 categories: 1,600 each, standard deviation 36. Of 20 places, 10 and 10, a place follows itself in 9 of 19 pairs.
        Assert.All(foils.Values, n => Assert.InRange(n, 1400, 1800));
        Assert.InRange(followed / (400 * 19.0), 9 / 19.0 - 0.03, 9 / 19.0 + 0.03);

        static int Place(PlannedTrial trial) => Array.IndexOf(trial.Choices!, trial.CorrectCategory);
    }
}
