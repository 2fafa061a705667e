using System.Diagnostics;

namespace PerceptionStudy.Server.Tests.Data;

/// <summary>Waits for what has to come. It ends as soon as that is there; a busy machine may take its time.</summary>
internal static class Wait
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>Looks again and again until it is as it should be, and gives what was seen then.</summary>
    /// <param name="look">Looks; may assert what has to hold all the time.</param>
    /// <param name="reached">Whether what was seen is what is waited for.</param>
    /// <param name="still">What to say of the last look if it never is.</param>
    public static async Task<T> UntilAsync<T>(Func<Task<T>> look, Predicate<T> reached, Func<T, string> still)
    {
        for (var waited = Stopwatch.StartNew(); ; await Task.Delay(100, TestContext.Current.CancellationToken))
        {
            var now = await look();
            if (reached(now)) return now;
            Assert.True(waited.Elapsed < Patience, $"After {Patience.TotalMinutes:0} minutes: {still(now)}");
        }
    }

    public static Task UntilAsync(Func<Task<bool>> reached, string wanted) => UntilAsync(reached, now => now, _ => $"it never was so that {wanted}.");
}
