using PerceptionStudy.Shared.Sessions;

namespace PerceptionStudy.Server.Studies;

/// <summary>A published way of running a forced-choice study, or none: the settings with which a draft starts.</summary>
/// <param name="Name">As researchers choose it.</param>
/// <param name="Description">What it is, with its published numbers.</param>
/// <param name="MainTrials">Main trials of the published study; fewer where there are not as many natural stimuli.</param>
/// <param name="PracticeTrials">Practice trials.</param>
/// <param name="Apply">Puts its settings into a draft.</param>
public sealed record Protocol(string Name, string Description, int MainTrials, int PracticeTrials, Func<StudyDesign, StudyDesign> Apply)
{
    /// <summary>
    /// Feather, Leclerc, Mądry and McDermott 2023, vision: 400 main trials and 16 catch trials (every category's icon once), 16 practice trials with feedback;
    /// 500 ms blank, 300 ms fixation, 300 ms picture of 224 CSS pixels, 300 ms noise, alphabetical grid without time limit; breaks at each quarter.
    /// Its screening of 12 trials without feedback is not part of this program: the practice gate comes nearest.
    /// </summary>
    public static readonly Protocol Feather2023 = new(
        "Feather 2023, vision",
        "400 main, 16 catch and 16 practice trials; 500 ms blank, 300 ms fixation, 300 ms picture, 300 ms noise; a grid without time limit (Feather et al. 2023).", 400, 16,
        draft => draft with
        {
            CatchTrials = draft.Categories.All(CategoryIcons.CanShow) ? draft.Categories.Length : 0,
            BreakEveryTrials = draft.MainTrials >= 40 ? (draft.MainTrials + draft.Categories.Length + 3) / 4 : null,
        });

    /// <summary>
    /// The laboratory design of Geirhos et al. 2018 and 2019: 300 ms fixation, 200 ms picture of 256 pixels, 200 ms mask of 1/f noise, 1,500 ms to answer (a miss counts
    /// as wrong), grid of 16 icons, practice with feedback, blocks of 128 trials.
    /// </summary>
    public static readonly Protocol GeirhosLab = new(
        "Geirhos lab design",
        "300 ms fixation, 200 ms picture of 256 pixels, 200 ms mask of 1/f noise, 1,500 ms to answer; a break after every 128 trials (Geirhos et al. 2018).", 256, 16,
        draft => draft with
        {
            Durations = new TrialDurations { BlankMs = 0, FixationMs = 300, StimulusMs = 200, MaskMs = 200 },
            DisplaySizeCssPx = 256,
            Display = draft.Display with { Mask = MaskKind.PinkNoise, AllowTouch = false },
            Response = draft.Response with { TimeLimitMs = 1500 },
            BreakEveryTrials = 128,
        });

    /// <summary>Nothing but what the program needs: no texts, no condition but natural.</summary>
    public static readonly Protocol Blank = new(
        "Blank", "The program's defaults, no texts, and no condition but natural: everything is yours to fill in.", 40, 4,
        draft => draft with { Consent = "", Instructions = "", Thanks = "", AnalysisPlan = "", Conditions = [StudyCondition.Natural], RecognisingModels = [] });

    /// <summary>Main and practice trials for as many natural stimuli: the published numbers, or fewer. A fifth of few stimuli is held back for the practice.</summary>
    public (int Main, int Practice) Fit(int naturals)
    {
        var practice = Math.Min(PracticeTrials, naturals / 5);
        return (Math.Max(1, Math.Min(MainTrials, naturals - practice)), practice);
    }

    public static readonly IReadOnlyList<Protocol> All = [Feather2023, GeirhosLab, Blank];
}
