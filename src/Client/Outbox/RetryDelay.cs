namespace PerceptionStudy.Client.Outbox;

/// <summary>How long to wait before an answer is sent again.</summary>
public static class RetryDelay
{
    private static readonly double[] Seconds = [1, 2, 4, 8, 15, 30];

    /// <summary>
    /// Doubling from one second to half a minute, plus or minus a quarter that depends on the session: when a server comes back, not all browsers
    /// come at once.
    /// </summary>
    /// <param name="failures">Failures in a row, from 1.</param>
    /// <param name="sessionId">Decides the share that differs.</param>
    public static TimeSpan After(int failures, Guid sessionId)
    {
        var share = (BitConverter.ToUInt16(sessionId.ToByteArray()) ^ (failures * 40503)) % 1000 / 1000.0;
        return TimeSpan.FromSeconds(Seconds[Math.Clamp(failures - 1, 0, Seconds.Length - 1)] * (0.75 + 0.5 * share));
    }
}
