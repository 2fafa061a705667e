namespace PerceptionStudy.Server.Data;

/// <summary>Moments as both databases keep them.</summary>
public static class Moments
{
    /// <summary>Now, in whole microseconds: PostgreSQL keeps no more, and a repeated receipt has to say the same as the first.</summary>
    public static DateTimeOffset GetStoredUtcNow(this TimeProvider time)
    {
        var now = time.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));
    }
}
