using PerceptionStudy.Server.Stimuli;
using PerceptionStudy.Shared.Sessions;

namespace PerceptionStudy.Server.Studies;

/// <summary>A published way of running a forced-choice study, or none: the settings with which a draft starts.</summary>
/// <param name="Name">As researchers choose it.</param>
/// <param name="Description">What it is, with its published numbers.</param>
/// <param name="MainTrials">Main trials of the published study; fewer where there are not as many natural stimuli.</param>
/// <param name="PracticeTrials">Practice trials.</param>
/// <param name="Medium">Pictures or sounds; null for either.</param>
/// <param name="Apply">Puts its settings into a draft.</param>
public sealed record Protocol(string Name, string Description, int MainTrials, int PracticeTrials, StimulusMedium? Medium, Func<StudyDesign, StudyDesign> Apply)
{
    /// <summary>
    /// Feather, Leclerc, Mądry and McDermott 2023, vision: 400 main trials and 16 catch trials (every category's icon once), 16 practice trials with feedback;
    /// 500 ms blank, 300 ms fixation, 300 ms picture of 224 CSS pixels, 300 ms noise, alphabetical grid without time limit; breaks at each quarter.
    /// Its screening of 12 trials without feedback is not part of this program: the practice gate comes nearest.
    /// </summary>
    public static readonly Protocol Feather2023 = new(
        "Feather 2023, vision",
        "400 main, 16 catch and 16 practice trials; 500 ms blank, 300 ms fixation, 300 ms picture, 300 ms noise; a grid without time limit (Feather et al. 2023).", 400, 16, StimulusMedium.Picture,
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
        "300 ms fixation, 200 ms picture of 256 pixels, 200 ms mask of 1/f noise, 1,500 ms to answer; a break after every 128 trials (Geirhos et al. 2018).", 256, 16, StimulusMedium.Picture,
        draft => draft with
        {
            Durations = new TrialDurations { BlankMs = 0, FixationMs = 300, StimulusMs = 200, MaskMs = 200 },
            DisplaySizeCssPx = 256,
            Display = draft.Display with { Mask = MaskKind.PinkNoise, AllowTouch = false },
            Response = draft.Response with { TimeLimitMs = 1500 },
            BreakEveryTrials = 128,
        });

    /// <summary>Practice trials of the published study of spoken words: with feedback, and without, for the gate.</summary>
    private const int SpokenFeedbackTrials = 10, SpokenScoredTrials = 12;

    /// <summary>
    /// Feather, Leclerc, Mądry and McDermott 2023, hearing: volume by a noise, headphone check (5 of 6), 10 practice trials with feedback and 12 without, of which 5 have to be right,
    /// 400 main trials and 16 catch trials of clear single words; each sound is played once, a word of the list is typed, without time limit. There the participant starts each sound
    /// by a button; here it comes after 500 ms and a cross of 300 ms, as the pictures of the same paper do, so that its onset can be timed.
    /// </summary>
    public static readonly Protocol SpokenWords = new(
        "Spoken words (Feather et al. 2023)",
        "Sounds, heard once and typed: headphone check, 10 practice trials with feedback, 12 scored with 5 to pass, 400 main and 16 catch trials of clear words.", 400, SpokenFeedbackTrials + SpokenScoredTrials, StimulusMedium.Sound,
        draft =>
        {
            // Fewer practice trials keep the proportions.
            var scored = draft.PracticeStimuli.Length * SpokenScoredTrials / (SpokenFeedbackTrials + SpokenScoredTrials);
            return draft with
            {
                CatchTrials = 16,
                Practice = new PracticeSettings { ScoredTrials = scored, RequiredProportion = scored > 0 ? 5.0 / SpokenScoredTrials : null },
                Sound = new SoundSettings { AdjustLevel = true, HeadphoneCheck = true, PassMark = 5 },
            };
        });

    /// <summary>Nothing but what the program needs: no texts, no condition but natural.</summary>
    public static readonly Protocol Blank = new(
        "Blank", "The program's defaults, no texts, and no condition but natural: everything is yours to fill in.", 40, 4, null,
        draft => draft with { Consent = "", Instructions = "", Thanks = "", AnalysisPlan = "", Conditions = [StudyCondition.Natural], RecognisingModels = [] });

    /// <summary>Main and practice trials for as many natural stimuli: the published numbers, or fewer. A fifth of few stimuli is held back for the practice.</summary>
    public (int Main, int Practice) Fit(int naturals)
    {
        var practice = Math.Min(PracticeTrials, naturals / 5);
        return (Math.Max(1, Math.Min(MainTrials, naturals - practice)), practice);
    }

    public static readonly IReadOnlyList<Protocol> All = [Feather2023, SpokenWords, GeirhosLab, Blank];
}
