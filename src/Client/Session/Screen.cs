namespace PerceptionStudy.Client.Session;

/// <summary>What the participant sees around the trials.</summary>
public enum Screen
{
    Loading,
    Instructions,
    WelcomeBack,
    Trial,
    Feedback,
    MainPart,
    Break,
    Sending,
    Trouble,
}
