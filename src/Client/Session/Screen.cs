namespace PerceptionStudy.Client.Session;

/// <summary>What the participant sees around the trials.</summary>
public enum Screen
{
    Loading,
    Instructions,
    WelcomeBack,
    Calibration,
    Questions,
    Level,
    Headphones,
    SoundOff,
    OnceMore,
    Trial,
    Pictures,
    Feedback,
    PracticeAgain,
    ScoredPart,
    MainPart,
    Break,
    Sending,
    NeedsKeyboard,
    Trouble,
}
