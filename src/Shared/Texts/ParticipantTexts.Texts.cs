namespace PerceptionStudy.Shared.Texts;

public sealed partial record ParticipantTexts
{
    /// <summary>Direction of writing: ltr or rtl.</summary>
    public required string Direction { get; init; }

    /// <summary>While something loads.</summary>
    public required string OneMoment { get; init; }

    /// <summary>Button.</summary>
    public required string Next { get; init; }

    /// <summary>Button: begins the trials.</summary>
    public required string Start { get; init; }

    /// <summary>Button.</summary>
    public required string StartWithPractice { get; init; }

    /// <summary>Button.</summary>
    public required string GoOn { get; init; }

    /// <summary>Button.</summary>
    public required string TryAgain { get; init; }

    /// <summary>Button; {0} is one of the three above.</summary>
    public required string InFullScreen { get; init; }

    /// <summary>Button; {0} likewise.</summary>
    public required string InThisWindow { get; init; }

    /// <summary>{0} of {1} are there.</summary>
    public required string LoadingPictures { get; init; }

    /// <summary>{0} pictures.</summary>
    public required string PicturesFailed { get; init; }

    /// <summary>Button.</summary>
    public required string LoadAgain { get; init; }

    /// <summary>Name of the progress bar.</summary>
    public required string PartDone { get; init; }

    /// <summary>What happens in a trial; {0} choices.</summary>
    public required string HowGrid { get; init; }

    /// <summary>Added where there is a keyboard.</summary>
    public required string HowKeys { get; init; }

    /// <summary>What happens in a trial with typed words.</summary>
    public required string HowWord { get; init; }

    /// <summary>{0} seconds.</summary>
    public required string HowLimit { get; init; }

    /// <summary>Before the first trial.</summary>
    public required string HowConfidence { get; init; }

    /// <summary>Name of the choices for a screen reader.</summary>
    public required string ChooseAnswer { get; init; }

    /// <summary>Name of the field.</summary>
    public required string TypeWord { get; init; }

    /// <summary>An answer.</summary>
    public required string DontKnow { get; init; }

    /// <summary>Name of the rating.</summary>
    public required string HowSure { get; init; }

    /// <summary>Lowest level of the rating.</summary>
    public required string Guessed { get; init; }

    /// <summary>Highest level of the rating.</summary>
    public required string Certain { get; init; }

    /// <summary>Heading.</summary>
    public required string WelcomeBack { get; init; }

    /// <summary>After a reload.</summary>
    public required string AnswersKept { get; init; }

    /// <summary>Heading.</summary>
    public required string PracticeOver { get; init; }

    /// <summary>{0} pictures.</summary>
    public required string MainBegins { get; init; }

    /// <summary>Heading.</summary>
    public required string PracticeAgain { get; init; }

    /// <summary>Too little was right.</summary>
    public required string PracticeAgainWhy { get; init; }

    /// <summary>Heading.</summary>
    public required string GateFailed { get; init; }

    /// <summary>Too little was right.</summary>
    public required string GateFailedWhy { get; init; }

    /// <summary>Heading.</summary>
    public required string OnceMore { get; init; }

    /// <summary>Trials whose timing was bad.</summary>
    public required string OnceMoreWhy { get; init; }

    /// <summary>Heading; {0} of {1} trials.</summary>
    public required string BreakTitle { get; init; }

    /// <summary>A break.</summary>
    public required string BreakText { get; init; }

    /// <summary>After a practice trial; {0} was right and answered.</summary>
    public required string Right { get; init; }

    /// <summary>After a practice trial; {0} was right.</summary>
    public required string ThisWas { get; init; }

    /// <summary>{0} was answered.</summary>
    public required string YouAnswered { get; init; }

    /// <summary>After a practice trial.</summary>
    public required string NoAnswerInTime { get; init; }

    /// <summary>Practice without a connection.</summary>
    public required string NoFeedback { get; init; }

    /// <summary>Alternative text.</summary>
    public required string PictureShown { get; init; }

    /// <summary>Heading.</summary>
    public required string AlmostThere { get; init; }

    /// <summary>{0} answers.</summary>
    public required string AnswersOnTheWay { get; init; }

    /// <summary>Heading.</summary>
    public required string ThankYou { get; init; }

    /// <summary>Above the completion code.</summary>
    public required string AllStored { get; init; }

    /// <summary>Button.</summary>
    public required string LeaveTheStudy { get; init; }

    /// <summary>Heading.</summary>
    public required string LeaveTitle { get; init; }

    /// <summary>What leaving means.</summary>
    public required string LeaveWhat { get; init; }

    /// <summary>What else one may want.</summary>
    public required string LeavePause { get; init; }

    /// <summary>Button.</summary>
    public required string Stay { get; init; }

    /// <summary>Button.</summary>
    public required string LeaveAndDelete { get; init; }

    /// <summary>Heading.</summary>
    public required string YouLeft { get; init; }

    /// <summary>After leaving.</summary>
    public required string AnswersDeleted { get; init; }

    /// <summary>Heading.</summary>
    public required string DidNotWork { get; init; }

    /// <summary>Trouble.</summary>
    public required string CannotReach { get; init; }

    /// <summary>Trouble.</summary>
    public required string DoesNotAnswer { get; init; }

    /// <summary>Trouble.</summary>
    public required string BrowserRefused { get; init; }

    /// <summary>Trouble.</summary>
    public required string CouldNotDelete { get; init; }

    /// <summary>After a refusal.</summary>
    public required string KeptHere { get; init; }

    /// <summary>Notice.</summary>
    public required string NoConnection { get; init; }

    /// <summary>Heading.</summary>
    public required string NeedsKeyboard { get; init; }

    /// <summary>On a phone or tablet, where the study does not allow one.</summary>
    public required string NeedsKeyboardWhy { get; init; }

    /// <summary>Heading.</summary>
    public required string CalibrateTitle { get; init; }

    /// <summary>First step.</summary>
    public required string CalibrateCard { get; init; }

    /// <summary>Name of the slider.</summary>
    public required string CardWidth { get; init; }

    /// <summary>Second step.</summary>
    public required string CalibrateEye { get; init; }

    /// <summary>{0} of {1} rounds.</summary>
    public required string CalibrateRound { get; init; }

    /// <summary>Button.</summary>
    public required string StartDot { get; init; }

    /// <summary>Button.</summary>
    public required string DotGone { get; init; }

    /// <summary>Button.</summary>
    public required string SkipThis { get; init; }

    /// <summary>Heading.</summary>
    public required string QuestionsTitle { get; init; }

    /// <summary>Each may be left empty.</summary>
    public required string QuestionsWhy { get; init; }

    /// <summary>Question.</summary>
    public required string Age { get; init; }

    /// <summary>Question.</summary>
    public required string Sex { get; init; }

    /// <summary>Answer.</summary>
    public required string Female { get; init; }

    /// <summary>Answer.</summary>
    public required string Male { get; init; }

    /// <summary>Answer.</summary>
    public required string OtherSex { get; init; }

    /// <summary>Question.</summary>
    public required string Vision { get; init; }

    /// <summary>Answer.</summary>
    public required string VisionNormal { get; init; }

    /// <summary>Answer.</summary>
    public required string VisionWithGlasses { get; init; }

    /// <summary>Answer.</summary>
    public required string VisionImpaired { get; init; }

    /// <summary>Answer.</summary>
    public required string VisionColour { get; init; }

    /// <summary>Answer.</summary>
    public required string NotSaid { get; init; }

    /// <summary>Question.</summary>
    public required string Comments { get; init; }

    /// <summary>Button on the first page.</summary>
    public required string Agree { get; init; }
}
