namespace PerceptionStudy.Server.Studies;

/// <summary>A phase of a trial on its time line. <paramref name="DurationMs"/> is null for one without an end of its own.</summary>
/// <param name="Kind">For the drawing: blank, fixation, stimulus, mask or response.</param>
public sealed record TrialPhaseSpan(string Kind, string Name, int StartMs, int? DurationMs);

/// <summary>The phases of a trial of a design, one after the other.</summary>
public static class TrialPhases
{
    /// <summary>Phases of 0 ms are left out; the response comes last and lasts to the answer or its time limit.</summary>
    public static IReadOnlyList<TrialPhaseSpan> Of(StudyDesign design)
    {
        var spans = new List<TrialPhaseSpan>();
        var start = 0;
        foreach (var (kind, name, ms) in ((string, string, int)[])[
            ("blank", "blank", design.Durations.BlankMs), ("fixation", "fixation", design.Durations.FixationMs),
            ("stimulus", design.Medium == Stimuli.StimulusMedium.Sound ? "sound" : "stimulus", design.Durations.StimulusMs), ("mask", "mask", design.Durations.MaskMs)])
        {
            if (ms <= 0) continue;
            spans.Add(new TrialPhaseSpan(kind, name, start, ms));
            start += ms;
        }
        spans.Add(new TrialPhaseSpan("response", "response", start, design.Response.TimeLimitMs));
        return spans;
    }

    /// <summary>Frames that a duration takes on a screen of 60 Hz, as the presenter rounds it: to the nearest, and at least one.</summary>
    public static int FramesAt60Hz(int durationMs) => durationMs <= 0 ? 0 : Math.Max(1, (int)Math.Round(durationMs * 60 / 1000.0));
}
