namespace PerceptionStudy.Synthesis.Tests.Metamers;

/// <summary>A clock that moves a little at each look and calls back after some looks.</summary>
internal sealed class SteppingClock(Action callback, int after) : TimeProvider
{
    private long looks;

    public override long TimestampFrequency => 1_000_000;

    public override long GetTimestamp()
    {
        if (++looks == after)
            callback();
        return looks * 100;
    }
}
