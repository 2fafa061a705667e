using PerceptionStudy.Server.Participation;
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
        new("study_version", Whole, null, "1 or more; -1, -2, … for drafts", "Number of the published version of the design that the session belongs to; negative for a draft that a researcher tried.", null, t => t.StudyVersion),
        new("modality", Word, null, "vision, audio", "Whether the study shows pictures (vision) or plays sounds (audio).", null, t => Modality.Of(t.Medium)),
        new("observer_type", Word, null, "human, synthetic, preview, model", "Who answered: human, synthetic (simulated, never data), preview (a researcher who tried a draft, never data) or model.", null, t => Words.Of(t.Observer)),
        new("observer_id", FreeText, null, Name, "The participant (P and the session's number; S for synthetic, T for preview), or the name of the model.", null, t => t.ObserverId),
        new("session_observer_type", Word, null, "human, synthetic, preview",
            "Whose session it is: human, synthetic or preview. A model's rows answer the stimuli of that session.", null, t => Words.Of(t.SessionObserver)),
        new("session", Whole, null, "1 or more", "Number of the session within the study version, in the order of consent.", null, t => t.Session),
        new("session_completed", YesNo, null, Flag, "Whether the session was finished. Withdrawn sessions are never exported.", null, t => t.SessionCompleted),
        new("excluded_because", Word, null, SessionExclusions.AllWords,
            "The first exclusion rule of the design by which the session enters no proportion; its levels are in design.json. hasty: too many answers below 200 ms; device: most answers by touch; duplicate: a recruiter's id that took part before; self_report: age or vision, as said.", "unless a rule leaves the session out",
            t => t.ExcludedBecause is { } reason ? SessionExclusions.Word(reason) : null),
        new("position", Whole, null, Natural, "Order of the trial within the session, from 0, practice first.", null, t => t.Position),
        new("phase", Word, null, "practice, main", "practice (with feedback) or main.", null, t => t.IsPractice ? "practice" : "main"),
        new("is_catch", YesNo, null, Flag, "Whether the icon of a category was shown instead of a picture, or a clear sound played.", null, t => t.Condition == ConditionKind.Catch),
        new("condition", Word, null, "natural, metamer, catch", "What was drawn: natural, metamer or catch.", null, t => Words.Of(t.Condition)),
        new("generating_model", FreeText, null, Name, "Model that the metamer was made from.", "unless a metamer was drawn", t => t.GeneratingModel),
        new("stage", FreeText, null, Name, "Stage of the generating model that the metamer matches, and \"at loss\" with loss_level where there is one; natural for the natural condition.", "for catch trials",
            t => t.Condition == ConditionKind.Natural ? "natural" : t.Stage),
        new("stage_index", Whole, null, Natural, "0 for natural; 1, 2, … for the study's stages of the generating model from input to output, the loss levels of a stage after it.", "for catch trials", t => t.StageIndex),
        new("loss_level", Number, null, "from 0 to 1", "Fraction of the loss at the start at which the synthesis was cut off.", "for finished metamers, natural and catch trials", t => t.LossLevel > 0 ? t.LossLevel : (double?)null),
        new("swapped", YesNo, null, Flag,
            "The drawn metamer was not accepted, so that the natural stimulus was shown; such trials enter no proportion.", null, t => t.Swapped),
        new("made_on_demand", YesNo, null, Flag, "Whether what was shown is a metamer that was made while the study ran.", null, t => t.MadeOnDemand),
        new("fallback", Word, null, "pregenerated, natural",
            "What was shown instead of a metamer made on demand that was not ready in time, or failed the criteria: the pregenerated metamer of the same stimulus and condition, or the natural stimulus (then swapped is true).", "unless one was shown",
            t => t.Fallback is { } fallback ? Words.Of(fallback) : null),
        new("waited_ms", Number, "ms", Natural, "How long the server kept the browser waiting for the picture until it was settled what is shown; the browser asks before the trial, so that this is the most that the participant can have waited.",
            "where it was settled before the session", t => t.WaitedMs),
        new("is_repeat", YesNo, null, Flag, "Shows a picture once more whose first trial had bad timing; such trials come last.", null, t => t.IsRepeat),
        new("repeated", YesNo, null, Flag,
            "Had bad timing, and its picture was shown and answered once more: the answer to that trial counts, and this one enters no proportion.", null, t => t.Repeated),
        new("natural_stimulus", FreeText, null, Name, "Name of the natural stimulus behind what was shown.", "for catch trials", t => t.NaturalStimulus),
        new("stimulus", FreeText, null, Name, "Name of the stimulus shown or played.", "for catch trials with an icon, and for synthetic observers of what is made on demand", t => t.Stimulus),
        new("stimulus_sha256", Word, null, "64 hexadecimal digits", "Hash of the file shown or played.", "for catch trials with an icon, and for synthetic observers of what is made on demand", t => t.StimulusSha256),
        new("category", FreeText, null, Name, "The right answer: category of the natural stimulus, or of the icon or clear sound.", null, t => t.Category),
        new("choices", Whole, "categories", "2 or more", "Number of answers to choose from; chance is 1 divided by it.", null, t => t.Choices),
        new("drawn_choices", FreeText, null, Name, "These categories in the order of the response screen, with | between them.", "unless the design draws choices for each trial",
            t => t.DrawnChoices is { } drawn ? string.Join('|', drawn) : null),
        new("answer", Word, null, "choice, dont_know, timed_out, interrupted", "How the trial ended: choice, dont_know, timed_out, or interrupted (the page went, and the design shows such a trial no second time; it enters no proportion).", null, t => Words.Of(t.Kind)),
        new("response", FreeText, null, Name, "The category (or other word) answered.", "unless answer is choice", t => t.Response),
        new("correct", YesNo, null, Flag, "Whether response equals category.", null, t => t.Correct),
        new("reaction_time_ms", Number, "ms", Natural, "From the onset of the response screen to the answer.", "for models, or if nobody answered", t => t.ReactionTimeMs),
        new("confidence", Whole, null, "1 or more", "Confidence in the answer, from 1 (guessed) up to the design's number of levels.", "where it was not asked, and for models", t => t.Confidence),
        new("confidence_time_ms", Number, "ms", Natural, "From the onset of the rating to its answer.", "where it was not asked, and for models", t => t.ConfidenceTimeMs),
        .. Phase("blank", "the empty screen", t => t.Blank),
        .. Phase("fixation", "the fixation cross", t => t.Fixation),
        .. Phase("stimulus", "the stimulus", t => t.Stimulus),
        .. Phase("mask", "the mask", t => t.Mask),
        Timing("response_onset_ms", Number, "ms", Natural, "Frame in which the response screen appeared, on the clock of the page: zero of the reaction time.", t => t.ResponseOnsetMs),
        Timing("response_onset_lag_ms", Number, "ms", Natural, "How long after its time stamp the page could work on that frame.", t => t.ResponseOnsetLagMs),
        Timing("response_device", Word, null, "key, mouse, touch, pen, other, none", "How it was answered: key, mouse, touch, pen, other (assistive technology) or none (nobody answered).", t => t.ResponseDevice),
        Timing("refresh_interval_ms", Number, "ms", Natural, "Refresh interval of the screen: mean of the intervals between the frames before the trial, dropped frames left out.", t => t.RefreshIntervalMs),
        Timing("dropped_frames", Whole, "frames", Natural, "Frames that failed to come from blank to response screen.", t => t.DroppedFrames),
        Timing("late_frames", Whole, "frames", Natural, "Frames that came more than half a refresh interval late, from blank to response screen.", t => t.LateFrames),
        new("longest_task_ms", Number, "ms", Natural, "Longest task over 50 ms that kept the page busy from blank to response screen; 0 if there was none.",
            "where the browser does not tell, and for models", t => t.Timing?.LongestTaskMs),
        Timing("early_inputs", Whole, "inputs", Natural, "Keys and buttons pressed before the response screen was there; they are no answers.", t => t.EarlyInputCount),
        Timing("disturbed", YesNo, null, Flag, "Whether the page was hidden, out of focus or interrupted by a question at any time of the trial.", t => t.Disturbed),
        Timing("timing_verdict", Word, null, "exact, off_by_one, bad",
            "bad: disturbed, or the stimulus was on the screen two frames or more too long or too short; off_by_one: one frame, or the response screen came a frame late; otherwise exact. For sounds: bad where the sound stopped, a device came or went, or it was 50 ms or more off; off_by_one from 10 ms.",
            t => Words.Of(TimingVerdicts.Of(t))),
        .. SoundColumns.All,
        Timing("device_pixel_ratio", Number, null, Natural, "Device pixels for each CSS pixel.", t => t.DevicePixelRatio),
        Timing("picture_css_px", Number, "CSS pixels", Natural, "Side of the picture as laid out; 0 for a sound.", t => t.PictureCssPx),
        Timing("picture_device_px", Whole, "device pixels", Natural, "Side of the picture on the screen; 0 for a sound.", t => t.PictureDevicePx),
        Timing("picture_file_px", Whole, "pixels", Natural, "Side of the picture in its file; 0 for a sound.", t => t.PictureFilePx),
        Timing("smoothed", YesNo, null, Flag, "Whether the picture was resampled smoothly; false where its pixels became squares of whole device pixels.", t => t.Smoothed),
        new("css_px_per_degree", Number, "CSS pixels", Natural, "CSS pixels for one degree of visual angle, by the participant's calibration.", "without a calibration, and for models", t => t.Timing?.CssPxPerDegree),
        new("viewing_distance_mm", Number, "mm", Natural, "Distance of the eyes from the screen, by the participant's calibration.", "without a calibration, and for models", t => t.Timing?.ViewingDistanceMm),
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
        Timing($"{name}_onset_lag_ms", Number, "ms", Natural, $"How long after its time stamp the page could work on the frame of that onset.", t => phase(t).OnsetLagMs),
        Timing($"{name}_offset_lag_ms", Number, "ms", Natural, $"How long after its time stamp the page could work on the frame of that offset.", t => phase(t).OffsetLagMs),
    ];
}
