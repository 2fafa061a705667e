using PerceptionStudy.Shared.Trials;
using static PerceptionStudy.Server.Analysis.ColumnType;
using TrialColumn = PerceptionStudy.Server.Analysis.Column<PerceptionStudy.Server.Analysis.TrialRecord>;

namespace PerceptionStudy.Server.Analysis;

/// <summary>The columns of the trial table, declared once: the export prints them, the codebook explains them.</summary>
public static class TrialColumns
{
    private const string Name = "any text", Flag = "true, false", Natural = "0 or more", ForModels = "for models";

    public static readonly IReadOnlyList<TrialColumn> All =
    [
        new("study", FreeText, null, Name, "Name of the study.", null, t => t.Study),
        new("study_version", Whole, null, "1 or more", "Number of the published version of the design that the session belongs to.", null, t => t.StudyVersion),
        new("observer_type", Word, null, "human, synthetic, model", "Who answered: human, synthetic (simulated, never data) or model.", null, t => Words.Of(t.Observer)),
        new("observer_id", FreeText, null, Name, "The participant (P and the session's number; S for synthetic), or the name of the model.", null, t => t.ObserverId),
        new("session_observer_type", Word, null, "human, synthetic",
            "Whose session it is: human or synthetic. A model's rows answer the stimuli of that session.", null, t => Words.Of(t.SessionObserver)),
        new("session", Whole, null, "1 or more", "Number of the session within the study version, in the order of consent.", null, t => t.Session),
        new("session_completed", YesNo, null, Flag, "Whether the session was finished. Withdrawn sessions are never exported.", null, t => t.SessionCompleted),
        new("excluded_because", Word, null, "catch_trials, unanswered, timing, too_fast",
            "The exclusion rule of the design by which the session enters no proportion: catch_trials, unanswered, timing or too_fast; its levels are in design.json.", "unless a rule leaves the session out",
            t => t.ExcludedBecause is { } reason ? SessionExclusions.Word(reason) : null),
        new("position", Whole, null, Natural, "Order of the trial within the session, from 0, practice first.", null, t => t.Position),
        new("phase", Word, null, "practice, main", "practice (with feedback) or main.", null, t => t.IsPractice ? "practice" : "main"),
        new("is_catch", YesNo, null, Flag, "Whether the icon of a category was shown instead of a picture.", null, t => t.Condition == ConditionKind.Catch),
        new("condition", Word, null, "natural, metamer, catch", "What was drawn: natural, metamer or catch.", null, t => Words.Of(t.Condition)),
        new("generating_model", FreeText, null, Name, "Model that the metamer was made from.", "unless a metamer was drawn", t => t.GeneratingModel),
        new("stage", FreeText, null, Name, "Stage of the generating model that the metamer matches; natural for the natural condition.", "for catch trials",
            t => t.Condition == ConditionKind.Natural ? "natural" : t.Stage),
        new("stage_index", Whole, null, Natural, "0 for natural; 1, 2, … for the study's stages of the generating model from input to output.", "for catch trials", t => t.StageIndex),
        new("swapped", YesNo, null, Flag,
            "The drawn metamer was not accepted, so that the natural stimulus was shown; such trials enter no proportion.", null, t => t.Swapped),
        new("natural_stimulus", FreeText, null, Name, "Name of the natural stimulus behind what was shown.", "for catch trials", t => t.NaturalStimulus),
        new("stimulus", FreeText, null, Name, "Name of the stimulus shown.", "for catch trials", t => t.Stimulus),
        new("stimulus_sha256", Word, null, "64 hexadecimal digits", "Hash of the file shown.", "for catch trials", t => t.StimulusSha256),
        new("category", FreeText, null, Name, "The right answer: category of the natural stimulus, or of the icon.", null, t => t.Category),
        new("choices", Whole, "categories", "2 or more", "Number of categories to choose from; chance is 1 divided by it.", null, t => t.Choices),
        new("response", FreeText, null, Name, "The category answered.", "if time ran out", t => t.Response),
        new("correct", YesNo, null, Flag, "Whether response equals category.", null, t => t.Correct),
        new("reaction_time_ms", Number, "ms", Natural, "From the onset of the response screen to the answer.", "for models, or if time ran out", t => t.ReactionTimeMs),
        .. Phase("blank", "the empty screen", t => t.Blank),
        .. Phase("fixation", "the fixation cross", t => t.Fixation),
        .. Phase("stimulus", "the stimulus", t => t.Stimulus),
        .. Phase("mask", "the mask", t => t.Mask),
        Timing("response_onset_ms", Number, "ms", Natural, "Frame in which the response screen appeared, on the clock of the page: zero of the reaction time.", t => t.ResponseOnsetMs),
        Timing("response_device", Word, null, "key, mouse, touch, pen, other", "How it was answered: key, mouse, touch, pen or other (assistive technology).", t => t.ResponseDevice),
        Timing("refresh_interval_ms", Number, "ms", Natural, "Refresh interval of the screen: median of the frames before the trial.", t => t.RefreshIntervalMs),
        Timing("dropped_frames", Whole, "frames", Natural, "Frames that failed to come from blank to response screen.", t => t.DroppedFrames),
        Timing("disturbed", YesNo, null, Flag, "Whether the page was hidden or out of focus at any time of the trial.", t => t.Disturbed),
        Timing("timing_verdict", Word, null, "exact, off, dropped, disturbed",
            "The worst that holds: disturbed (see there), dropped (frames failed to come), off (the stimulus was shown more than half a frame too long or too short), or exact.",
            t => Words.Of(TimingVerdicts.Of(t))),
        Timing("device_pixel_ratio", Number, null, Natural, "Device pixels for each CSS pixel.", t => t.DevicePixelRatio),
        Timing("picture_css_px", Number, "CSS pixels", Natural, "Side of the picture as laid out.", t => t.PictureCssPx),
        Timing("window_width_css_px", Number, "CSS pixels", Natural, "Width of the window.", t => t.WindowWidthCssPx),
        Timing("window_height_css_px", Number, "CSS pixels", Natural, "Height of the window.", t => t.WindowHeightCssPx),
        Timing("full_screen", YesNo, null, Flag, "Whether the window filled the screen.", t => t.FullScreen),
        Timing("pointer_hidden", YesNo, null, Flag, "Whether the mouse pointer was hidden from blank to mask.", t => t.PointerHidden),
        new("session_started_at", Time, "UTC", "ISO 8601", "Moment of consent.", null, t => t.SessionStartedAt),
        new("received_at", Time, "UTC", "ISO 8601", "Moment at which the server stored the answer.", ForModels, t => t.ReceivedAt),
    ];

    public static readonly TableSchema<TrialRecord> Table = new("trials",
        "One row is one answered trial. Rows of a person (or synthetic observer) are followed by the rows of each recognising model on the stimuli that this person saw.", All);

    private static TrialColumn Timing(string name, ColumnType type, string? unit, string range, string meaning, Func<TrialTiming, Cell> value) =>
        new(name, type, unit, range, meaning, ForModels, trial => trial.Timing is { } timing ? value(timing) : default);

    private static TrialColumn[] Phase(string name, string what, Func<TrialTiming, PhaseTiming> phase) =>
    [
        Timing($"{name}_requested_ms", Number, "ms", Natural, $"Duration of {what} that the design asks for.", t => phase(t).RequestedMs),
        Timing($"{name}_shown_ms", Number, "ms", Natural, $"Duration of {what} as measured on the frame clock of the participant's screen.", t => phase(t).ShownMs),
        Timing($"{name}_frames", Whole, "frames", Natural, $"Frames drawn during {what}.", t => phase(t).Frames),
        Timing($"{name}_onset_ms", Number, "ms", Natural, $"First frame that showed {what}, on the clock of the page.", t => phase(t).OnsetMs),
        Timing($"{name}_offset_ms", Number, "ms", Natural, $"First frame that no longer showed {what}, on the same clock.", t => phase(t).OffsetMs),
    ];
}
