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

    /// <summary>Button.</summary>
    public required string LeaveTheStudy { get; init; }

    /// <summary>Heading.</summary>
    public required string LeaveTitle { get; init; }

    /// <summary>What else one may want.</summary>
    public required string LeavePause { get; init; }

    /// <summary>What leaving means, where withdrawing deletes.</summary>
    public required string LeaveOrDelete { get; init; }

    /// <summary>What leaving means, where answers stay.</summary>
    public required string LeaveOrWithdraw { get; init; }

    /// <summary>Button.</summary>
    public required string LeaveAndKeep { get; init; }

    /// <summary>Button.</summary>
    public required string LeaveAndWithdraw { get; init; }

    /// <summary>Trouble.</summary>
    public required string OtherTab { get; init; }

    /// <summary>Trouble.</summary>
    public required string CouldNotLeave { get; init; }

    /// <summary>Button.</summary>
    public required string Stay { get; init; }

    /// <summary>Button.</summary>
    public required string LeaveAndDelete { get; init; }

    /// <summary>Heading.</summary>
    public required string DidNotWork { get; init; }

    /// <summary>Trouble.</summary>
    public required string CannotReach { get; init; }

    /// <summary>Trouble.</summary>
    public required string DoesNotAnswer { get; init; }

    /// <summary>Trouble.</summary>
    public required string BrowserRefused { get; init; }

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

    /// <summary>First page; {0} pictures.</summary>
    public required string FactsPictures { get; init; }

    /// <summary>First page; {0} minutes.</summary>
    public required string FactsMinutes { get; init; }

    /// <summary>First page.</summary>
    public required string FactsInput { get; init; }

    /// <summary>First page.</summary>
    public required string ReadAgain { get; init; }

    /// <summary>First page.</summary>
    public required string MayWithdrawDelete { get; init; }

    /// <summary>First page.</summary>
    public required string MayWithdrawKeep { get; init; }

    /// <summary>First page.</summary>
    public required string NoStorage { get; init; }

    /// <summary>First page.</summary>
    public required string Preview { get; init; }

    /// <summary>Answer.</summary>
    public required string StatementTrue { get; init; }

    /// <summary>Answer.</summary>
    public required string StatementNotTrue { get; init; }

    /// <summary>First page.</summary>
    public required string WithoutName { get; init; }

    /// <summary>Heading.</summary>
    public required string NoStudy { get; init; }

    /// <summary>First page.</summary>
    public required string NoStudyWhy { get; init; }

    /// <summary>First page.</summary>
    public required string Begun { get; init; }

    /// <summary>First page.</summary>
    public required string NotOpen { get; init; }

    /// <summary>First page.</summary>
    public required string IdMissing { get; init; }

    /// <summary>First page.</summary>
    public required string IdTaken { get; init; }

    /// <summary>First page.</summary>
    public required string SomebodyElse { get; init; }

    /// <summary>Link.</summary>
    public required string BeginAnew { get; init; }

    /// <summary>Heading.</summary>
    public required string NotYourSession { get; init; }

    /// <summary>Run and end page.</summary>
    public required string NotYourSessionWhy { get; init; }

    /// <summary>Heading.</summary>
    public required string ThankYou { get; init; }

    /// <summary>Completed.</summary>
    public required string AllStored { get; init; }

    /// <summary>Heading.</summary>
    public required string Stopped { get; init; }

    /// <summary>Left early.</summary>
    public required string StoppedWhy { get; init; }

    /// <summary>Heading.</summary>
    public required string Withdrew { get; init; }

    /// <summary>Withdrawn.</summary>
    public required string WithdrewWhy { get; init; }

    /// <summary>Heading.</summary>
    public required string GateFailed { get; init; }

    /// <summary>Gate failed.</summary>
    public required string GateFailedWhy { get; init; }

    /// <summary>Heading.</summary>
    public required string ScreenedOut { get; init; }

    /// <summary>Screened out.</summary>
    public required string ScreenedOutWhy { get; init; }

    /// <summary>Heading.</summary>
    public required string Expired { get; init; }

    /// <summary>Expired.</summary>
    public required string ExpiredWhy { get; init; }

    /// <summary>Full.</summary>
    public required string Full { get; init; }

    /// <summary>End page.</summary>
    public required string YourCompletionCode { get; init; }

    /// <summary>End page.</summary>
    public required string YourCode { get; init; }

    /// <summary>Button; {0} is a site.</summary>
    public required string GoBackTo { get; init; }

    /// <summary>End page, before the code.</summary>
    public required string WithdrawLater { get; init; }

    /// <summary>End page, a link.</summary>
    public required string WithdrawWhere { get; init; }

    /// <summary>End page, after the code.</summary>
    public required string WithdrawKeep { get; init; }

    /// <summary>Heading.</summary>
    public required string WithdrawTitle { get; init; }

    /// <summary>Withdrawal page.</summary>
    public required string WithdrawHow { get; init; }

    /// <summary>Field.</summary>
    public required string WithdrawCode { get; init; }

    /// <summary>Button.</summary>
    public required string Withdraw { get; init; }

    /// <summary>Withdrawal page.</summary>
    public required string WithdrawUnknown { get; init; }

    /// <summary>Withdrawal page: a button that does not withdraw.</summary>
    public required string MyData { get; init; }

    /// <summary>Withdrawal page.</summary>
    public required string WithdrewKept { get; init; }

    /// <summary>Heading.</summary>
    public required string NextPictures { get; init; }

    /// <summary>{0} of {1} are there.</summary>
    public required string NextPicturesHow { get; init; }

    /// <summary>Button on the first page.</summary>
    public required string Agree { get; init; }

    /// <summary>{0} is why.</summary>
    public required string NotStored { get; init; }

    /// <summary>Before NotStored.</summary>
    public required string AnswerEmpty { get; init; }

    /// <summary>Refusal.</summary>
    public required string AnswerUnreadable { get; init; }

    /// <summary>Before NotStored.</summary>
    public required string AnswerOfAnother { get; init; }

    /// <summary>Before NotStored.</summary>
    public required string SessionEnded { get; init; }

    /// <summary>Before NotStored.</summary>
    public required string AnswerWithoutChoice { get; init; }

    /// <summary>Before NotStored; {0} was answered.</summary>
    public required string AnswerNoChoice { get; init; }

    /// <summary>Before NotStored.</summary>
    public required string AnswerNoDontKnow { get; init; }

    /// <summary>Before NotStored.</summary>
    public required string AnswerNoLimit { get; init; }

    /// <summary>Before NotStored.</summary>
    public required string AnswerShownAgain { get; init; }

    /// <summary>Before NotStored.</summary>
    public required string AnswerNamesChoice { get; init; }

    /// <summary>Before NotStored.</summary>
    public required string AnswerWithoutTime { get; init; }

    /// <summary>Before NotStored.</summary>
    public required string AnswerImpossibleTime { get; init; }

    /// <summary>Before NotStored.</summary>
    public required string AnswerImpossibleConfidence { get; init; }

    /// <summary>Refusal.</summary>
    public required string NotAsked { get; init; }

    /// <summary>Refusal; {0} is the highest age.</summary>
    public required string AgeImpossible { get; init; }

    /// <summary>Refusal; {0} is the longest comment.</summary>
    public required string CommentTooLong { get; init; }

    /// <summary>Refusal.</summary>
    public required string AlreadyLeft { get; init; }

    /// <summary>Refusal.</summary>
    public required string ResumeTooLate { get; init; }

    /// <summary>Refusal.</summary>
    public required string PlaceGone { get; init; }

    /// <summary>{0} is the status of HTTP.</summary>
    public required string ServerFailed { get; init; }
}
