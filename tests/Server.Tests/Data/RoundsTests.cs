using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Tests.Data;

public sealed class RoundsTests
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    [Fact]
    public async Task A_database_that_is_away_costs_a_round_and_not_the_server()
    {
        using var stop = new CancellationTokenSource();
        var rounds = 0;
        await Rounds.RunAsync(Pause, TimeProvider.System, _ => ++rounds switch
        {
            1 => throw new Npgsql.NpgsqlException("away"),
            2 => throw new InvalidOperationException("likely transient", new Npgsql.NpgsqlException("away")),
            _ => stop.CancelAsync(),
        }, stop.Token);
        Assert.Equal(3, rounds);
    }

    [Fact]
    public async Task What_a_start_needs_is_tried_until_the_database_is_there()
    {
        var tries = 0;
        await Rounds.OnceAsync(Pause, TimeProvider.System, _ => ++tries < 3 ? throw new Npgsql.NpgsqlException("away") : Task.CompletedTask, TestContext.Current.CancellationToken);
        Assert.Equal(3, tries);
        using var stop = new CancellationTokenSource();
        await Rounds.OnceAsync(Pause, TimeProvider.System, async _ =>
        {
            await stop.CancelAsync();
            throw new Npgsql.NpgsqlException("away");
        }, stop.Token);
    }

    [Fact]
    public async Task A_fault_of_the_work_is_told() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => Rounds.RunAsync(Pause, TimeProvider.System, _ => throw new InvalidOperationException("wrong"), TestContext.Current.CancellationToken));
}
