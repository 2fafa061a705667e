using PerceptionStudy.Shared.Trials;
using static PerceptionStudy.Server.Analysis.ColumnType;
using TrialColumn = PerceptionStudy.Server.Analysis.Column<PerceptionStudy.Server.Analysis.TrialRecord>;

namespace PerceptionStudy.Server.Analysis;

/// <summary>The columns of the trial table that say how a sound was played.</summary>
internal static class SoundColumns
{
    private const string NoSound = "for pictures, and for models", NotTold = "where the browser does not tell, for pictures, and for models";

    public static readonly TrialColumn[] All =
    [
        new("sound_rms_level", Number, "full scale", "from 0 to 1", "Root of the mean square of the sound as it was played, over its own length: the level that the design sets, or else the file's; for models, which hear the file, the file's.", "for pictures", t => t.SoundRmsLevel),
        New("sound_scheduled_start_ms", Number, "ms", "Moment at which the sound was to leave the loudspeaker, on the clock of the page.", s => s.ScheduledStartMs),
        New("sound_start_ms", Number, "ms", "Moment at which it did, as far as the browser knows, on the same clock.", s => s.StartMs),
        New("sound_end_ms", Number, "ms", "Moment at which its last sample did, on the same clock.", s => s.EndMs),
        New("sound_duration_ms", Number, "ms", "Duration of the sound as played, with the silence at its end that makes all files equally long.", s => s.DurationMs),
        New("sound_samples", Whole, "samples", "The same in samples.", s => s.Samples),
        New("sound_rate_hz", Whole, "Hz", "Sampling rate of the sound.", s => s.RateHz),
        New("audio_clock_rate_hz", Number, "Hz", "Rate of the browser's audio clock; where it differs from sound_rate_hz the browser resampled the sound.", s => s.ClockRateHz),
        New("audio_base_latency_ms", Number, "ms", "From the page's audio to the system's, as the browser tells it.", s => s.BaseLatencyMs, NotTold),
        New("audio_output_latency_ms", Number, "ms", "From there to the loudspeaker, as the browser estimates it.", s => s.OutputLatencyMs, NotTold),
        New("audio_clock_ran", YesNo, null, "Whether the audio clock ran from before the sound to its end.", s => s.ClockRan),
        New("audio_device_changes", Whole, "times", "Times at which audio devices came or went from before the sound to its end.", s => s.DeviceChanges),
    ];

    private static TrialColumn New(string name, ColumnType type, string? unit, string meaning, Func<SoundTiming, Cell> value, string empty = NoSound) =>
        new(name, type, unit, type == YesNo ? "true, false" : "0 or more", meaning, empty, trial => trial.Timing?.Sound is { } sound ? value(sound) : default);
}
