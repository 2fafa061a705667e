namespace PerceptionStudy.Server.Studies;

/// <summary>How long a session takes, roughly.</summary>
public static class SessionLength
{
    /// <summary>For an answer, where there is no time limit below it.</summary>
    private const int AnswerMs = 2000;

    /// <summary>For a rating of confidence.</summary>
    private const int RatingMs = 1500;

    /// <summary>Trials of all kinds.</summary>
    public static int Trials(StudyDesign design) => design.PracticeStimuli.Length + design.MainTrials + design.CatchTrials;

    /// <summary>Minutes, rounded up: the phases of every trial, two seconds for each answer, one and a half for each rating. Reading and breaks come on top.</summary>
    public static int Minutes(StudyDesign design)
    {
        var phases = design.Durations.BlankMs + design.Durations.FixationMs + design.Durations.StimulusMs + design.Durations.MaskMs;
        var answer = Math.Min(AnswerMs, design.Response.TimeLimitMs ?? AnswerMs) + (design.Response.ConfidenceLevels is null ? 0 : RatingMs);
        return (int)Math.Ceiling((long)Trials(design) * (phases + answer) / 60_000.0);
    }
}
