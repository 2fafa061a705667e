using PerceptionStudy.Client.Outbox;

namespace PerceptionStudy.Client.Tests.Outbox;

public sealed class RetryDelayTests
{
    private static readonly Guid[] Sessions = [.. Enumerable.Range(0, 200).Select(n => new Guid(n, 7, 7, 1, 2, 3, 4, 5, 6, 7, 8))];

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(4, 8)]
    [InlineData(6, 30)]
    [InlineData(1000, 30)]
    public void Doubles_up_to_half_a_minute_give_or_take_a_quarter(int failures, double seconds) =>
        Assert.All(Sessions, s => Assert.InRange(RetryDelay.After(failures, s).TotalSeconds, 0.75 * seconds, 1.25 * seconds));

    [Fact]
    public void Browsers_do_not_come_back_all_at_once() =>
        Assert.True(Sessions.Select(s => RetryDelay.After(6, s)).Distinct().Count() > 100);
}
