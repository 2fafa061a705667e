using CsCheck;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Tests.Participation;

public class TrialSequenceTests
{
    private static readonly Gen<DrawCase> Cases =
        from categories in Gen.Int[2, 6]
        from each in Gen.Int[1, 5]
        from practice in Gen.Int[0, 4]
        from stages in Gen.Int[1, 7]
        from trials in Gen.Int[1, categories * each]
        from catches in Gen.Int[0, categories]
        from holes in Gen.Int[0, 3]
        from seed in Gen.Int
        select DrawCase.Make(categories, each, practice, stages, trials, catches, holes, seed);

    private static IReadOnlyList<PlannedTrial> Draw(DrawCase c) => TrialSequence.Draw(c.Design, c.Stimuli, new Dictionary<TrialCell, int>(), c.Seed);

    [Fact]
    public void Has_every_trial_that_the_design_asks_for_practice_first() => Cases.Sample(c =>
    {
        var trials = Draw(c);
        var practice = trials.TakeWhile(t => t.Phase == TrialPhase.Practice).ToList();
        Assert.Equal(c.Design.PracticeStimuli.Order(), practice.Select(t => t.StimulusId!.Value).Order());
        var main = trials.Skip(practice.Count).ToList();
        Assert.All(main, t => Assert.Equal(TrialPhase.Main, t.Phase));
        Assert.Equal(c.Design.MainTrials, main.Count(t => !t.IsCatch));
        var catches = main.Where(t => t.IsCatch).ToList();
        Assert.Equal(c.Design.CatchTrials, catches.Select(t => t.CorrectCategory).Distinct().Count());
        Assert.All(catches, t => Assert.True(t.StimulusId is null && t.NaturalStimulusId is null && t.Condition.IsNatural));
    });

    [Fact]
    public void Shows_each_natural_stimulus_at_most_once() => Cases.Sample(c =>
    {
        var shown = Draw(c).Where(t => !t.IsCatch).Select(t => t.NaturalStimulusId).ToList();
        Assert.Equal(shown.Count, shown.Distinct().Count());
    });

    [Fact]
    public void Gives_each_condition_equally_often_within_one_and_so_each_category() => Cases.Sample(c =>
    {
        var main = Draw(c).Where(t => t.Phase == TrialPhase.Main && !t.IsCatch).ToList();
        WithinOne(c.Design.Conditions.Select(condition => main.Count(t => t.Condition == condition)));
        WithinOne(c.Design.Categories.Select(category => main.Count(t => t.CorrectCategory == category)));
    });

    [Fact]
    public void Shows_the_metamer_of_the_drawn_condition_or_the_natural_stimulus_marked_as_swapped() => Cases.Sample(c =>
    {
        foreach (var trial in Draw(c).Where(t => !t.IsCatch))
        {
            var has = c.Stimuli.Metamers.TryGetValue(new TrialCell(trial.NaturalStimulusId!.Value, trial.Condition), out var metamer);
            Assert.Equal(has ? metamer : trial.NaturalStimulusId, trial.StimulusId);
            Assert.Equal(!has && !trial.Condition.IsNatural, trial.Swapped);
            Assert.Equal(c.Stimuli.Categories[trial.NaturalStimulusId!.Value], trial.CorrectCategory);
        }
    });

    [Fact]
    public void Same_seed_same_sequence_in_whatever_order_the_design_lists_things() => Cases.Sample(c =>
    {
        var shuffle = new SequenceRandom(c.Seed ^ 12345);
        var listed = c.Design with
        {
            Conditions = shuffle.Shuffled(c.Design.Conditions),
            NaturalStimuli = shuffle.Shuffled(c.Design.NaturalStimuli),
            PracticeStimuli = shuffle.Shuffled(c.Design.PracticeStimuli),
            Categories = shuffle.Shuffled(c.Design.Categories),
        };
        Assert.Equal(Draw(c), Draw(c with { Design = listed }));
    });

    [Fact]
    public void Another_seed_gives_another_sequence()
    {
        var one = DrawCase.Make(6, 5, 2, 5, 30, 3, 0, seed: 1);
        var sequences = Enumerable.Range(0, 20).Select(seed => string.Join(',', Draw(one with { Seed = seed }).Select(t => t.StimulusId))).ToList();
        Assert.Equal(20, sequences.Distinct().Count());
    }

    [Fact]
    public void Cells_fill_evenly_over_participants()
    {
        // 24 stimuli x 6 conditions = 144 cells; 24 trials each; after 12 participants every cell would be at 2 if all were perfectly even.
        var c = DrawCase.Make(6, 4, 0, 5, 24, 0, 0, seed: 0);
        var counts = new Dictionary<TrialCell, int>();
        for (var participant = 0; participant < 12; participant++)
        {
            foreach (var t in TrialSequence.Draw(c.Design, c.Stimuli, counts, participant * 7919))
            {
                var cell = new TrialCell(t.NaturalStimulusId!.Value, t.Condition);
                counts[cell] = counts.GetValueOrDefault(cell) + 1;
            }
        }
        Assert.Equal(144, counts.Count);
        Assert.InRange(counts.Values.Min(), 1, 2);
        Assert.InRange(counts.Values.Max(), 2, 3);
    }

    [Fact]
    public void What_was_shown_least_comes_first_when_there_are_more_stimuli_than_trials()
    {
        var c = DrawCase.Make(4, 5, 0, 3, 10, 0, 0, seed: 3);
        var counts = new Dictionary<TrialCell, int>();
        for (var participant = 0; participant < 8; participant++)
        {
            foreach (var t in TrialSequence.Draw(c.Design, c.Stimuli, counts, participant))
            {
                var cell = new TrialCell(t.NaturalStimulusId!.Value, t.Condition);
                counts[cell] = counts.GetValueOrDefault(cell) + 1;
            }
        }
        // 80 trials over 20 stimuli and 4 conditions.
        Assert.All(counts.GroupBy(cell => cell.Key.NaturalStimulusId), g => Assert.Equal(4, g.Sum(cell => cell.Value)));
        Assert.All(counts.GroupBy(cell => cell.Key.Condition), g => Assert.Equal(20, g.Sum(cell => cell.Value)));
    }

    [Fact]
    public void Half_covered_cells_are_enough_to_show_a_metamer_in_every_trial_that_asks_for_one() => Gen.Int.Sample(seed =>
    {
        // 48 stimuli, 12 stages; every stimulus has metamers at six of the stages, the next one at six that begin five further on.
        var whole = DrawCase.Make(16, 3, 4, 12, 40, 0, 0, seed);
        var stages = whole.Design.Conditions.Where(condition => !condition.IsNatural).ToList();
        var half = whole.Stimuli.Metamers
            .Where(cell => (Array.IndexOf(whole.Design.NaturalStimuli, cell.Key.NaturalStimulusId) * 5 + stages.IndexOf(cell.Key.Condition)) % 12 < 6)
            .ToDictionary();
        var trials = Draw(whole with { Stimuli = whole.Stimuli with { Metamers = half } });
        Assert.DoesNotContain(trials, t => t.Swapped);
        Assert.InRange(trials.Count(t => t.Phase == TrialPhase.Main && !t.Condition.IsNatural), 36, 37);
    }, iter: 300);

    [Fact]
    public void Pairs_at_random()
    {
        // Over many seeds and no history each stimulus meets each condition equally often: 6 conditions, 6,000 draws, expected 1,000.
        var c = DrawCase.Make(3, 2, 0, 5, 6, 0, 0, seed: 0);
        var first = c.Design.NaturalStimuli[0];
        var met = Enumerable.Range(0, 6000).Select(seed => Draw(c with { Seed = seed }).Single(t => t.NaturalStimulusId == first).Condition).CountBy(condition => condition).ToList();
        Assert.Equal(6, met.Count);
        Assert.All(met, m => Assert.InRange(m.Value, 880, 1120));
    }

    [Fact]
    public void Too_many_trials_for_the_stimuli_is_an_error()
    {
        var c = DrawCase.Make(2, 2, 0, 1, 4, 0, 0, 1);
        Assert.Throws<ArgumentException>(() => Draw(c with { Design = c.Design with { MainTrials = 5 } }));
    }

    private static void WithinOne(IEnumerable<int> counts)
    {
        var all = counts.ToList();
        Assert.True(all.Max() - all.Min() <= 1, $"counts {string.Join(", ", all)}");
    }
}
