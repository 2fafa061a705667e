using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Participation.Adaptive;

namespace PerceptionStudy.Server.Tests.Participation.Adaptive;

public class LevelPosteriorTests
{
    [Fact]
    public void The_function_falls_from_the_lapse_rate_to_chance_and_is_half_way_at_its_threshold()
    {
        var function = new PsychometricFunction(Threshold: 4, Width: 0.5, Lapse: 0.1, Guess: 0.2);
        Assert.Equal(0.9, function.At(-20), 1e-9);
        Assert.Equal(0.2, function.At(30), 1e-9);
        Assert.Equal(0.55, function.At(4), 1e-9);
        Assert.Equal(4.7, function.LevelOf(function.At(4.7)), 1e-9);
        Assert.True(double.IsNaN(function.LevelOf(0.2)) && double.IsNaN(function.LevelOf(0.9)));
    }

    [Fact]
    public void Without_answers_the_middle_of_the_levels_is_as_good_as_any()
    {
        var estimate = LevelPosterior.Of(7, 1 / 16.0, []).Estimate(0.5);
        // The grid goes from 0.5 to 8: its middle is 4.25; a lapse rate draws the level of one half a little lower.
        Assert.InRange(estimate.Level, 4.0, 4.3);
        Assert.InRange(estimate.Sd, 1.8, 2.6);
        Assert.True(estimate.Low < 1 && estimate.High > 7.5);
    }

    [Fact]
    public void Many_answers_give_back_the_function_that_made_them()
    {
        var truth = new PsychometricFunction(3.3, 0.5, 0.02, 1 / 16.0);
        // As many right at every level as the function says.
        var answers = Enumerable.Range(1, 6).SelectMany(level => Enumerable.Range(0, 200).Select(n => new LevelAnswer(level, n < 200 * truth.At(level))));
        var estimate = LevelPosterior.Of(6, 1 / 16.0, answers).Estimate(0.5);
        Assert.Equal(truth.LevelOf(0.5), estimate.Level, 0.1);
        Assert.InRange(estimate.Sd, 0.07, 0.15);
        Assert.InRange(truth.LevelOf(0.5), estimate.Low, estimate.High);
    }

    [Fact]
    public void The_expected_entropy_is_the_mean_of_the_entropies_after_right_and_wrong()
    {
        LevelAnswer[] before = [new(1, true), new(3, true), new(4, false)];
        var posterior = LevelPosterior.Of(5, 0.1, before);
        foreach (var level in Enumerable.Range(1, 5))
        {
            var right = LevelPosterior.Of(5, 0.1, [.. before, new(level, true)]).Entropy;
            var wrong = LevelPosterior.Of(5, 0.1, [.. before, new(level, false)]).Entropy;
            var expected = posterior.ExpectedEntropy(level);
            Assert.True(expected < posterior.Entropy);
            var share = posterior.ProportionCorrect(level);
            Assert.Equal(share * right + (1 - share) * wrong, expected, 1e-9);
        }
    }
}
