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
    SessionApi api, ResponseOutbox outbox, PictureStore pictures, ImagePresenter presenter, IJSRuntime js) : IAsyncDisposable
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
    private string? right, completionCode, trouble;
    private ParticipantTexts texts = ParticipantTexts.In(null, null);
    private int loaded, total, failed;
    private bool ended, questionsAnswered;

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
            plan = await api.PlanAsync(SessionId);
            await SpeakAsync(plan.Language);
            if (plan.Progress == SessionProgress.Withdrawn)
            {
                Show(Screen.Left);
                return;
            }
            var waiting = await outbox.OpenAsync(SessionId);
            if (plan.HasGate && waiting.Count > 0)
            {
                // Among them may be the answers that decide whether the practice was passed.
                await SendAllAsync();
                plan = await api.PlanAsync(SessionId);
                waiting = [];
            }
            if (plan.Progress == SessionProgress.FailedGate)
            {
                Show(Screen.GateFailed);
                return;
            }
            path = new SessionPath(plan, waiting);
            if (path.Next is not null && !plan.Display.AllowTouch && await js.InvokeAsync<bool>("playerWindow.isHandheld"))
            {
                Show(Screen.NeedsKeyboard);
                return;
            }
            questionsAnswered = plan.Questionnaire is null or { Answered: true } || waiting.Contains(SessionId);
            if (path.Next is not null && plan.Questionnaire is { Before: true }) await AskQuestionsAsync();
            if (path.Next is not null && !ended && plan.Display.PictureDegrees is not null && angle is null) await ShowAndWaitAsync(Screen.Calibration);
            if (path.Next is not null && !ended) await AnswerTrialsAsync(path.Resumed ? Screen.WelcomeBack : Screen.Instructions);
            if (!ended) await EndAsync();
        }
        catch (RefusedBySiteException refusal)
        {
            Fail(refusal.Message);
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

    private async Task AnswerTrialsAsync(Screen first)
    {
        await presenter.DisposeAsync();
        await presenter.CreateAsync(host, plan!, angle, texts);
        _ = LoadPicturesAsync();
        await ShowAndWaitAsync(first);
        while (!ended && path!.Next is { } trial)
        {
            var before = path.Before();
            if (before == BeforeTrial.MainPart) await ShowAndWaitAsync(Screen.MainPart);
            if (before == BeforeTrial.Break) await ShowAndWaitAsync(Screen.Break);
            if (ended) return;
            await PresentAsync(trial);
            if (!ended && plan!.HasGate && trial.IsPractice && path.Next is not { IsPractice: true }) await PassGateAsync();
        }
    }

    /// <summary>The server has judged the practice: the plan now has another practice, or the session is over, or nothing has changed.</summary>
    private async Task PassGateAsync()
    {
        await SendAllAsync();
        plan = await api.PlanAsync(SessionId);
        path = new SessionPath(plan, [], begun: true);
        if (plan.Progress == SessionProgress.FailedGate)
        {
            ended = true;
            await LeaveFullScreenAsync();
            Show(Screen.GateFailed);
        }
        else if (path.Next is { IsPractice: true })
        {
            _ = LoadPicturesAsync();
            await ShowAndWaitAsync(Screen.PracticeAgain);
        }
    }

    private async Task PresentAsync(TrialPresentation trial)
    {
        Show(Screen.Trial);
        await presenter.PrepareAsync(await pictures.DecodeAsync(trial), trial.MaskSeed);
        var answer = await presenter.RunAsync();
        if (ended) return;
        // On the disk first: only then does the screen change.
        await outbox.AddAsync(answer.For(trial.TrialId));
        path!.Answer(trial.TrialId);
        await presenter.ClearAsync();
        await pictures.ForgetAsync(trial);
        if (!trial.IsPractice) return;

        var receipt = await outbox.ReceiptAsync(trial.TrialId, PatienceForFeedback);
        (shown, given, right) = (trial, answer, receipt?.CorrectChoice);
        await ShowAndWaitAsync(Screen.Feedback);
    }

    private async Task EndAsync()
    {
        while (true)
        {
            await AskQuestionsAsync();
            if (ended) return;
            await SendAllAsync();
            var completion = await api.CompletionAsync(SessionId);
            completionCode = completion.Code;
            if (completionCode is not null) break;
            // Trials whose timing was bad are shown once more; or the server lacks answers that this browser no longer has either.
            plan = await api.PlanAsync(SessionId);
            path = new SessionPath(plan, [], begun: true);
            await AnswerTrialsAsync(Screen.OnceMore);
            if (ended) return;
        }
        await presenter.DisposeAsync();
        await pictures.DisposeAsync();
        await LeaveFullScreenAsync();
        Show(Screen.Thanks);
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

    private async Task SendAllAsync()
    {
        if (outbox.Waiting == 0) return;
        Show(Screen.Sending);
        while (outbox.Waiting > 0) await Task.Delay(200);
    }

    private async Task SpeakAsync(string? language)
    {
        texts = ParticipantTexts.In(language, await js.InvokeAsync<string>("playerWindow.languages"));
        await js.InvokeVoidAsync("playerWindow.speak", texts.Language, texts.Direction);
    }

    private async Task LoadPicturesAsync()
    {
        await pictures.LoadAsync(path!.Remaining);
        do
        {
            await Task.Delay(100);
            (loaded, total, failed) = await pictures.ProgressAsync();
            Render();
        }
        while (screen is Screen.Instructions or Screen.WelcomeBack or Screen.OnceMore or Screen.PracticeAgain && loaded + failed < total);
    }

    private async Task AskToLeaveAsync(bool asking)
    {
        if (screen == Screen.Trial) await presenter.HoldAsync(asking);
    }

    private async Task LeaveAsync()
    {
        try
        {
            await api.WithdrawAsync(SessionId);
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException or RefusedBySiteException)
        {
            trouble = failure is RefusedBySiteException ? failure.Message
                : texts.CouldNotDelete;
            Show(Screen.Trouble);
            return;
        }
        ended = true;
        await outbox.ForgetAsync();
        await presenter.DisposeAsync();
        await LeaveFullScreenAsync();
        Show(Screen.Left);
        next?.TrySetResult();
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
        await pictures.DisposeAsync();
    }
}
