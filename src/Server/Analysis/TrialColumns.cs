using PerceptionStudy.Shared.Trials;

namespace PerceptionStudy.Server.Analysis;

/// <summary>Type of a column as the codebook names it. Free text was typed by a person and is made safe for spreadsheets.</summary>
public enum ColumnType { FreeText, Word, Whole, Number, YesNo, Time }

/// <summary>One column of the trial table.</summary>
/// <param name="Unit">Unit, or null for what has none.</param>
public sealed record TrialColumn(string Name, ColumnType Type, string? Unit, string Meaning, Func<TrialRecord, object?> Value);

/// <summary>The columns of the trial table, declared once: the export prints them, the codebook explains them.</summary>
public static class TrialColumns
{
    public static readonly IReadOnlyList<TrialColumn> All =
    [
        new("study", ColumnType.FreeText, null, "Name of the study.", t => t.Study),
        new("study_version", ColumnType.Whole, null, "Number of the published version of the design that the session belongs to.", t => t.StudyVersion),
        new("observer_type", ColumnType.Word, null, "Who answered: human, synthetic (simulated, never data) or model.", t => Word(t.Observer)),
        new("observer_id", ColumnType.FreeText, null, "The participant (P and the session's number; S for synthetic), or the name of the model.", t => t.ObserverId),
        new("session_observer_type", ColumnType.Word, null,
            "Whose session it is: human or synthetic. A model's rows answer the stimuli of that session.", t => Word(t.SessionObserver)),
        new("session", ColumnType.Whole, null, "Number of the session within the study version, in the order of consent.", t => t.Session),
        new("session_completed", ColumnType.YesNo, null, "Whether the session was finished. Withdrawn sessions are never exported.", t => t.SessionCompleted),
        new("position", ColumnType.Whole, null, "Order of the trial within the session, from 0, practice first.", t => t.Position),
        new("phase", ColumnType.Word, null, "practice (with feedback) or main.", t => t.IsPractice ? "practice" : "main"),
        new("is_catch", ColumnType.YesNo, null, "Whether the icon of a category was shown instead of a picture.", t => t.Condition == ConditionKind.Catch),
        new("condition", ColumnType.Word, null, "What was drawn: natural, metamer or catch.", t => Word(t.Condition)),
        new("generating_model", ColumnType.FreeText, null, "Model that the metamer was made from; empty unless a metamer was drawn.", t => t.GeneratingModel),
        new("stage", ColumnType.FreeText, null, "Stage of the generating model that the metamer matches; natural for the natural condition.",
            t => t.Condition == ConditionKind.Natural ? "natural" : t.Stage),
        new("stage_index", ColumnType.Whole, null, "0 for natural; 1, 2, … for the study's stages of the generating model from input to output.", t => t.StageIndex),
        new("swapped", ColumnType.YesNo, null,
            "The drawn metamer was not accepted, so that the natural stimulus was shown; such trials enter no proportion.", t => t.Swapped),
        new("natural_stimulus", ColumnType.FreeText, null, "Name of the natural stimulus behind what was shown.", t => t.NaturalStimulus),
        new("stimulus", ColumnType.FreeText, null, "Name of the stimulus shown.", t => t.Stimulus),
        new("stimulus_sha256", ColumnType.Word, null, "Hash of the file shown.", t => t.StimulusSha256),
        new("category", ColumnType.FreeText, null, "The right answer: category of the natural stimulus, or of the icon.", t => t.Category),
        new("choices", ColumnType.Whole, "categories", "Number of categories to choose from; chance is 1 divided by it.", t => t.Choices),
        new("response", ColumnType.FreeText, null, "The category answered; empty if time ran out.", t => t.Response),
        new("correct", ColumnType.YesNo, null, "Whether response equals category.", t => t.Correct),
        new("reaction_time_ms", ColumnType.Number, "ms", "From the onset of the response screen to the answer; empty for models.", t => t.ReactionTimeMs),
        .. Phase("blank", "the empty screen", t => t.Blank),
        .. Phase("fixation", "the fixation cross", t => t.Fixation),
        .. Phase("stimulus", "the stimulus", t => t.Stimulus),
        .. Phase("mask", "the mask", t => t.Mask),
        Timing("response_onset_ms", ColumnType.Number, "ms", "Frame in which the response screen appeared, on the clock of the page: zero of the reaction time.", t => t.ResponseOnsetMs),
        Timing("response_device", ColumnType.Word, null, "How it was answered: key, mouse, touch, pen or other (assistive technology).", t => t.ResponseDevice),
        Timing("refresh_interval_ms", ColumnType.Number, "ms", "Refresh interval of the screen: median of the frames before the trial.", t => t.RefreshIntervalMs),
        Timing("dropped_frames", ColumnType.Whole, "frames", "Frames that failed to come from blank to response screen.", t => t.DroppedFrames),
        Timing("disturbed", ColumnType.YesNo, null, "Whether the page was hidden or out of focus at any time of the trial.", t => t.Disturbed),
        Timing("timing_verdict", ColumnType.Word, null,
            "The worst that holds: disturbed (see there), dropped (frames failed to come), off (the stimulus was shown more than half a frame too long or too short), or exact.",
            t => Word(TimingVerdicts.Of(t))),
        Timing("device_pixel_ratio", ColumnType.Number, null, "Device pixels for each CSS pixel.", t => t.DevicePixelRatio),
        Timing("picture_css_px", ColumnType.Number, "CSS pixels", "Side of the picture as laid out.", t => t.PictureCssPx),
        Timing("window_width_css_px", ColumnType.Number, "CSS pixels", "Width of the window.", t => t.WindowWidthCssPx),
        Timing("window_height_css_px", ColumnType.Number, "CSS pixels", "Height of the window.", t => t.WindowHeightCssPx),
        Timing("full_screen", ColumnType.YesNo, null, "Whether the window filled the screen.", t => t.FullScreen),
        Timing("pointer_hidden", ColumnType.YesNo, null, "Whether the mouse pointer was hidden from blank to mask.", t => t.PointerHidden),
        new("session_started_at", ColumnType.Time, "UTC", "Moment of consent.", t => t.SessionStartedAt),
        new("received_at", ColumnType.Time, "UTC", "Moment at which the server stored the answer; empty for models.", t => t.ReceivedAt),
    ];

    private static TrialColumn Timing(string name, ColumnType type, string? unit, string meaning, Func<TrialTiming, object?> value) =>
        new(name, type, unit, meaning, trial => trial.Timing is { } timing ? value(timing) : null);

    private static TrialColumn[] Phase(string name, string what, Func<TrialTiming, PhaseTiming> phase) =>
    [
        Timing($"{name}_requested_ms", ColumnType.Number, "ms", $"Duration of {what} that the design asks for.", t => phase(t).RequestedMs),
        Timing($"{name}_shown_ms", ColumnType.Number, "ms", $"Duration of {what} as measured on the frame clock of the participant's screen.", t => phase(t).ShownMs),
        Timing($"{name}_frames", ColumnType.Whole, "frames", $"Frames drawn during {what}.", t => phase(t).Frames),
        Timing($"{name}_onset_ms", ColumnType.Number, "ms", $"First frame that showed {what}, on the clock of the page.", t => phase(t).OnsetMs),
        Timing($"{name}_offset_ms", ColumnType.Number, "ms", $"First frame that no longer showed {what}, on the same clock.", t => phase(t).OffsetMs),
    ];

    private static string Word(Enum value) => value.ToString().ToLowerInvariant();
}
