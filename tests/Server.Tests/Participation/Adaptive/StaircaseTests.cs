using PerceptionStudy.Server.Participation.Adaptive;

namespace PerceptionStudy.Server.Tests.Participation.Adaptive;

public class StaircaseTests
{
    /// <summary>Answers as levels with + for right and - for wrong.</summary>
    private static LevelAnswer[] Of(string answers) => [.. answers.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(a => new LevelAnswer(a[0] - '0', a[1] == '+'))];

    [Theory]
    [InlineData("", 2, 1)]
    [InlineData("1+", 2, 1)]
    [InlineData("1+ 1+", 2, 2)]
    [InlineData("1+ 1+ 2+", 2, 2)]
    [InlineData("1+ 1+ 2-", 2, 1)]
    [InlineData("1+ 1+ 2+ 2- 1+", 2, 1)]
    [InlineData("1+ 1+ 2+ 2+ 3+ 3+", 2, 4)]
    [InlineData("1-", 2, 1)]
    [InlineData("5+ 5+", 2, 5)]
    [InlineData("3+", 1, 4)]
    [InlineData("3+ 3+ 3+", 3, 4)]
    // What was shown instead is where it stands: right answers at another level do not add up.
    [InlineData("3+ 4+", 2, 4)]
    [InlineData("3+ 4+ 4+", 2, 5)]
    public void One_up_n_down(string answers, int rightInARow, int expected) =>
        Assert.Equal(expected, Staircase.Next(5, rightInARow, Of(answers)).Level);

    [Fact]
    public void The_estimate_is_the_mean_of_the_turns_without_the_first_two()
    {
        // Up to 3, wrong: turn at 3. Down to 2, right: turn at 2. Then 3, 2, 3, 2: all turns.
        var answers = Of("1+ 2+ 3- 2+ 3- 2+ 3- 2+ 3-");
        var estimate = Staircase.Estimate(5, 1, answers)!.Value;
        Assert.Equal(2.5, estimate.Level, 1e-9);
        // Of the turns 3 2 3 2 3 2 3, two and one for an even number are left out: 2 3 2 3.
        Assert.Equal(Math.Sqrt(4 * 0.25 / 3 / 4), estimate.Sd, 1e-9);
        Assert.Equal(estimate.Level + 1.96 * estimate.Sd, estimate.High, 1e-9);
        Assert.Null(Staircase.Estimate(5, 1, answers[..^2]));
    }
}
