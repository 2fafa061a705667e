using PerceptionStudy.Shared.Trials;

namespace PerceptionStudy.Server.Participation;

/// <summary>
/// The verdict on a trial with a sound, computed on the server from the stored times. Two errors count, whichever is larger: how far the sound left the loudspeaker from the moment for which it
/// was scheduled, and how much longer or shorter than it is it took, as it does where the audio clock stands still or samples are lost.
/// <list type="bullet">
/// <item><c>bad</c>: the page was hidden, out of focus or interrupted; or the audio clock did not run all the time; or an audio device came or went; or an error of 50 ms or more.</item>
/// <item><c>off_by_one</c>: an error of 10 ms or more.</item>
/// <item><c>exact</c>: neither.</item>
/// </list>
/// </summary>
internal static class SoundTimingVerdict
{
    /// <summary>What browsers say of their clocks scatters by less than this on an idle machine.</summary>
    public const double ExactWithinMs = 10;

    /// <summary>A syllable's fifth part: what is later, or has such a gap, is another trial.</summary>
    public const double BadFromMs = 50;

    public static TimingVerdict Of(TrialTiming timing, SoundTiming sound)
    {
        var error = ErrorMs(sound);
        // Not a number is no good error either.
        if (timing.Disturbed || !sound.ClockRan || sound.DeviceChanges > 0 || !(error < BadFromMs)) return TimingVerdict.Bad;
        return error >= ExactWithinMs ? TimingVerdict.OffByOne : TimingVerdict.Exact;
    }

    /// <summary>The larger of the errors of start and duration, ms.</summary>
    public static double ErrorMs(SoundTiming sound) =>
        Math.Max(Math.Abs(sound.StartMs - sound.ScheduledStartMs), Math.Abs(sound.EndMs - sound.StartMs - sound.DurationMs));
}
