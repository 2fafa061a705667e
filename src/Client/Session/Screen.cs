namespace PerceptionStudy.Client.Session;

/// <summary>What the participant sees around the trials.</summary>
public enum Screen
{
    Loading,
    Instructions,
    WelcomeBack,
    Calibration,
    Questions,
    OnceMore,
    Trial,
    Pictures,
    Feedback,
    PracticeAgain,
    MainPart,
    Break,
    Sending,
    NeedsKeyboard,
    Trouble,
}
