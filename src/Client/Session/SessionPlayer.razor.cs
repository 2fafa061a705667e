using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using PerceptionStudy.Client.Outbox;
using PerceptionStudy.Client.Trials;
using PerceptionStudy.Shared.Sessions;
using PerceptionStudy.Shared.Texts;
using PerceptionStudy.Shared.Trials;

namespace PerceptionStudy.Client.Session;

/// <summary>Leads through a session: one loop over the trials that are not answered yet, with panels in between.</summary>
public sealed partial class SessionPlayer(
    SessionApi api, ResponseOutbox outbox, StimulusStore stimuli, TrialPresenter presenter, SoundChecks sounds, NavigationManager navigation, IJSRuntime js) : IAsyncDisposable
{
    private static readonly TimeSpan PatienceForFeedback = TimeSpan.FromSeconds(5);

    private Screen screen = Screen.Loading;
    private ElementReference host;
    private SessionPlan? plan;
    private SessionPath? path;
    private VisualAngle? angle;
    private TaskCompletionSource? next;
    private TrialPresentation? shown;
    private PresentedAnswer? given;
    private string? right, trouble;
    private ParticipantTexts texts = ParticipantTexts.In(null, null);
    private int loaded, total, failed;
    private bool left, mine, questionsAnswered;

    [Parameter, EditorRequired]
    public Guid SessionId { get; set; }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (!firstRender) return;
        outbox.Changed += Render;
        await RunAsync();
    }

    private async Task RunAsync()
    {
        try
        {
            Show(Screen.Loading);
            await SpeakAsync(null);
            if (!(mine |= await js.InvokeAsync<bool>("playerWindow.holdSession", SessionId)))
            {
                Fail(texts.OtherTab);
                return;
            }
            await OpenAsync();
            if (path!.Next is not null && !plan!.Display.AllowTouch && await js.InvokeAsync<bool>("playerWindow.isHandheld"))
            {
                Show(Screen.NeedsKeyboard);
                return;
            }
            if (IsRunning)
            {
                if (path.Next is not null) await PrepareParticipantAsync();
                if (path.Next is not null && !left) await AnswerTrialsAsync(path.Resumed || plan!.Progress == SessionProgress.Expired ? Screen.WelcomeBack : Screen.Instructions);
                if (!left) await CompleteAsync();
            }
            else
            {
                if (plan!.Progress == SessionProgress.Completed) await AskQuestionsAsync();
                await SendRestAsync();
            }
            await GoToEndAsync();
        }
        catch (RefusedBySiteException refusal)
        {
            Fail(refusal.In(texts));
        }
        catch (HttpRequestException)
        {
            Fail(texts.CannotReach);
        }
        catch (TaskCanceledException)
        {
            Fail(texts.DoesNotAnswer);
        }
        catch (JSException failure)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            Fail(texts.BrowserRefused);
        }
    }

    private bool IsRunning => plan!.Progress is SessionProgress.Active or SessionProgress.Expired;

    /// <summary>Learns where the session stands: from the server, and from what this browser kept.</summary>
    private async Task OpenAsync()
    {
        plan = await api.PlanAsync(SessionId);
        await SpeakAsync(plan.Language);
        if (plan.Sound is not null) texts = texts.ForSounds();
        var waiting = await outbox.OpenAsync(SessionId);
        if ((plan.HasGate || plan.Sound?.HeadphoneCheck is not null) && waiting.Count > 0)
        {
            // Among them may be the answers that decide whether the practice or the headphone check was passed.
            await SendRestAsync();
            plan = await api.PlanAsync(SessionId);
            waiting = [];
        }
        if (IsRunning && !plan.ShowInterruptedAgain && await InterruptedAsync() is { } interrupted && !waiting.Contains(interrupted.TrialId))
        {
            await outbox.AddAsync(TrialResponse.OfInterrupted(interrupted.TrialId));
            waiting = [.. waiting, interrupted.TrialId];
        }
        questionsAnswered = plan.Questionnaire is null or { Answered: true } || waiting.Contains(SessionId);
        path = new SessionPath(plan, waiting);
    }

    /// <summary>The main trial that was under way when the page went, if it has no answer.</summary>
    private async Task<TrialPresentation?> InterruptedAsync()
    {
        var begun = await outbox.InterruptedAsync();
        return plan!.Trials.FirstOrDefault(t => t.TrialId == begun && !t.IsPractice && !plan.Answered.Contains(t.TrialId));
    }

    /// <summary>What comes before the instructions: questions, the size of a degree on this screen, the volume and the headphones.</summary>
    private async Task PrepareParticipantAsync()
    {
        if (plan!.Questionnaire is { Before: true }) await AskQuestionsAsync();
        if (!left && plan.Display.PictureDegrees is not null && angle is null) await ShowAndWaitAsync(Screen.Calibration);
        if (!left && plan.Sound is { } sound) await PrepareSoundAsync(sound);
    }

    private async Task AnswerTrialsAsync(Screen first)
    {
        await presenter.DisposeAsync();
        await presenter.CreateAsync(host, plan!, angle, texts);
        _ = LoadPicturesAsync();
        await ShowAndWaitAsync(first);
        if (left || first == Screen.WelcomeBack && !await ResumeAsync()) return;
        while (!left && path!.Next is { } trial)
        {
            var before = path.Before();
            if (before == BeforeTrial.ScoredPart) await ShowAndWaitAsync(Screen.ScoredPart);
            if (before == BeforeTrial.MainPart) await ShowAndWaitAsync(Screen.MainPart);
            if (before == BeforeTrial.Break) await ShowAndWaitAsync(Screen.Break);
            if (left) return;
            await PresentAsync(trial);
            if (!left && plan!.HasGate && trial.IsPractice && path.Next is not { IsPractice: true }) await PassGateAsync();
        }
    }

    /// <summary>The server has judged the practice: the plan now has another practice, or the session is over, or nothing has changed.</summary>
    private async Task PassGateAsync()
    {
        await SendRestAsync();
        await RenewPlanAsync();
        if (!IsRunning)
        {
            left = true;
        }
        else if (path!.Next is { IsPractice: true })
        {
            _ = LoadPicturesAsync();
            await ShowAndWaitAsync(Screen.PracticeAgain);
        }
    }

    /// <summary>The server may have added trials; every answer of this browser has been sent.</summary>
    private async Task RenewPlanAsync()
    {
        plan = await api.PlanAsync(SessionId);
        path = new SessionPath(plan, [], begun: true);
    }

    private async Task PresentAsync(TrialPresentation trial)
    {
        var stimulus = await StimulusOfAsync(trial);
        if (plan!.Sound is not null) await TurnSoundOnAsync();
        if (left) return;
        Show(Screen.Trial);
        await presenter.PrepareAsync(stimulus, trial);
        if (!plan!.ShowInterruptedAgain) await outbox.BeginAsync(trial.TrialId);
        var answer = await presenter.RunAsync();
        if (left) return;
        // On the disk first: only then does the screen change.
        await outbox.AddAsync(answer.For(trial.TrialId));
        path!.Answer(trial.TrialId);
        await presenter.ClearAsync();
        await stimuli.ForgetAsync(trial);
        if (!trial.WithFeedback) return;

        var receipt = await outbox.ReceiptAsync(trial.TrialId, PatienceForFeedback);
        (shown, given, right) = (trial, answer, receipt?.CorrectChoice);
        await ShowAndWaitAsync(Screen.Feedback);
    }

    /// <summary>The trial's picture or sound; while it is not there, the page says how far the loading is.</summary>
    private async Task<IJSObjectReference> StimulusOfAsync(TrialPresentation trial)
    {
        var stimulus = stimuli.OpenAsync(trial);
        if (await Task.WhenAny(stimulus, Task.Delay(300)) == stimulus) return await stimulus;
        Show(Screen.Pictures);
        while (await Task.WhenAny(stimulus, Task.Delay(200)) != stimulus)
        {
            (loaded, total, failed) = await stimuli.ProgressAsync();
            Render();
        }
        return await stimulus;
    }

    /// <summary>False if the session cannot be gone on with; its end page says why.</summary>
    private async Task<bool> ResumeAsync()
    {
        try
        {
            await api.ResumeAsync(SessionId);
            return true;
        }
        catch (RefusedBySiteException refusal) when (refusal.Final)
        {
            left = true;
            return false;
        }
    }

    private async Task CompleteAsync()
    {
        while (!left)
        {
            await AskQuestionsAsync();
            if (left) return;
            await SendRestAsync();
            if ((await api.CompletionAsync(SessionId)).Code is not null) return;
            // Trials whose timing was bad are shown once more; or the server lacks answers that this browser no longer has either.
            await RenewPlanAsync();
            await AnswerTrialsAsync(Screen.OnceMore);
        }
    }

    /// <summary>Returns when the server has every answer that this browser kept; until then the page says what is still being sent.</summary>
    private async Task SendRestAsync()
    {
        if (outbox.Waiting == 0) return;
        Show(Screen.Sending);
        while (outbox.Waiting > 0) await Task.Delay(200);
    }

    private async Task GoToEndAsync()
    {
        await presenter.DisposeAsync();
        await stimuli.DisposeAsync();
        await LeaveFullScreenAsync();
        navigation.NavigateTo($"end/{SessionId}", forceLoad: true);
    }

    private async Task AskQuestionsAsync()
    {
        if (!questionsAnswered) await ShowAndWaitAsync(Screen.Questions);
    }

    private async Task AnswerQuestionsAsync(QuestionnaireAnswers answers)
    {
        // On the disk before the screen changes, as every answer.
        await outbox.AddAsync(answers);
        questionsAnswered = true;
        next?.TrySetResult();
    }

    private void Calibrated(VisualAngle? found)
    {
        angle = found;
        next?.TrySetResult();
    }

    private async Task SpeakAsync(string? language)
    {
        texts = ParticipantTexts.In(language, await js.InvokeAsync<string>("playerWindow.languages"));
        await js.InvokeVoidAsync("playerWindow.speak", texts.Language, texts.Direction);
    }

    private async Task LoadPicturesAsync()
    {
        await stimuli.LoadAsync(plan!, path!.Remaining);
        do
        {
            await Task.Delay(100);
            (loaded, total, failed) = await stimuli.ProgressAsync();
            Render();
        }
        while (screen is Screen.Instructions or Screen.WelcomeBack or Screen.OnceMore or Screen.PracticeAgain && loaded + failed < total);
    }

    private async Task AskToLeaveAsync(bool asking)
    {
        if (screen == Screen.Trial) await presenter.HoldAsync(asking);
    }

    private async Task LeaveAsync(bool withdraw)
    {
        try
        {
            if (withdraw) await api.WithdrawAsync(SessionId);
            else await api.LeaveAsync(SessionId);
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException or RefusedBySiteException)
        {
            trouble = failure is RefusedBySiteException refusal ? refusal.In(texts) : texts.CouldNotLeave;
            Show(Screen.Trouble);
            return;
        }
        left = true;
        if (withdraw && plan!.WithdrawalDeletes) await outbox.ForgetAsync();
        await SendRestAsync();
        await GoToEndAsync();
    }

    private async Task GoOn(bool fullScreen)
    {
        if (fullScreen) await js.InvokeVoidAsync("playerWindow.enterFullScreen");
        next?.TrySetResult();
    }

    private async Task ShowAndWaitAsync(Screen what)
    {
        next = new TaskCompletionSource();
        Show(what);
        await next.Task;
    }

    private ValueTask LeaveFullScreenAsync() => js.InvokeVoidAsync("playerWindow.leaveFullScreen");

    private void Fail(string sentence)
    {
        trouble = sentence;
        Show(Screen.Trouble);
    }

    private void Show(Screen what)
    {
        screen = what;
        Render();
    }

    private void Render() => _ = InvokeAsync(StateHasChanged);

    private static string Say(string text, params object[] values) => string.Format(text, values);

    public async ValueTask DisposeAsync()
    {
        outbox.Changed -= Render;
        await presenter.DisposeAsync();
        await stimuli.DisposeAsync();
    }
}
