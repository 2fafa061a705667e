using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using PerceptionStudy.Client.Outbox;
using PerceptionStudy.Client.Trials;
using PerceptionStudy.Shared.Sessions;
using PerceptionStudy.Shared.Trials;

namespace PerceptionStudy.Client.Session;

/// <summary>Leads through a session: one loop over the trials that are not answered yet, with panels in between.</summary>
public sealed partial class SessionPlayer(
    SessionApi api, ResponseOutbox outbox, PictureStore pictures, ImagePresenter presenter, NavigationManager navigation, IJSRuntime js) : IAsyncDisposable
{
    private static readonly TimeSpan PatienceForFeedback = TimeSpan.FromSeconds(5);

    private Screen screen = Screen.Loading;
    private ElementReference host;
    private SessionPlan? plan;
    private SessionPath? path;
    private TaskCompletionSource? next;
    private TrialPresentation? shown;
    private string? given, right, trouble;
    private int loaded, total, failed;
    private bool left, mine;

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
            if (!(mine |= await js.InvokeAsync<bool>("playerWindow.holdSession", SessionId)))
            {
                Fail("The study is open in another tab of this browser. Go on there, or close that tab and try again here.");
                return;
            }
            plan = await api.PlanAsync(SessionId);
            path = new SessionPath(plan, await outbox.OpenAsync(SessionId));
            if (plan.Progress is SessionProgress.Active or SessionProgress.Expired)
            {
                if (path.Next is not null) await AnswerTrialsAsync();
                if (!left) await CompleteAsync();
            }
            else
            {
                await SendRestAsync();
            }
            await GoToEndAsync();
        }
        catch (RefusedBySiteException refusal)
        {
            Fail(refusal.Message);
        }
        catch (HttpRequestException)
        {
            Fail("The server cannot be reached. Check your connection; nothing that you answered is lost.");
        }
        catch (TaskCanceledException)
        {
            Fail("The server does not answer. Check your connection; nothing that you answered is lost.");
        }
        catch (JSException failure)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            Fail("This browser did not let the page keep answers or show a picture. Use a current browser and a window that is not private; nothing that you answered is lost.");
        }
    }

    private async Task AnswerTrialsAsync()
    {
        await presenter.DisposeAsync();
        await presenter.CreateAsync(host, plan!);
        _ = LoadPicturesAsync();
        if (path!.Resumed || plan!.Progress == SessionProgress.Expired)
        {
            await ShowAndWaitAsync(Screen.WelcomeBack);
            if (left || !await ResumeAsync()) return;
        }
        else
        {
            await ShowAndWaitAsync(Screen.Instructions);
        }
        while (!left && path.Next is { } trial)
        {
            var before = path.Before();
            if (before == BeforeTrial.MainPart) await ShowAndWaitAsync(Screen.MainPart);
            if (before == BeforeTrial.Break) await ShowAndWaitAsync(Screen.Break);
            if (left) return;
            await PresentAsync(trial);
        }
    }

    private async Task PresentAsync(TrialPresentation trial)
    {
        Show(Screen.Trial);
        await presenter.PrepareAsync(await pictures.DecodeAsync(trial), trial.MaskSeed);
        var answer = await presenter.RunAsync();
        if (left) return;
        // On the disk first: only then does the screen change.
        await outbox.AddAsync(new TrialResponse { TrialId = trial.TrialId, Choice = answer.Choice, ReactionTimeMs = answer.ReactionTimeMs, Timing = answer.Timing });
        path!.Answer(trial.TrialId);
        await presenter.ClearAsync();
        await pictures.ForgetAsync(trial);
        if (!trial.IsPractice) return;

        var receipt = await outbox.ReceiptAsync(trial.TrialId, PatienceForFeedback);
        (shown, given, right) = (trial, answer.Choice, receipt?.CorrectChoice);
        await ShowAndWaitAsync(Screen.Feedback);
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
            await SendRestAsync();
            if ((await api.CompletionAsync(SessionId)).Code is not null) return;
            // The server lacks answers that this browser no longer has either: ask for those trials again.
            plan = await api.PlanAsync(SessionId);
            path = new SessionPath(plan, []);
            await AnswerTrialsAsync();
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
        await pictures.DisposeAsync();
        await LeaveFullScreenAsync();
        navigation.NavigateTo($"end/{SessionId}", forceLoad: true);
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
        while (screen is Screen.Instructions or Screen.WelcomeBack && loaded + failed < total);
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
            trouble = failure is RefusedBySiteException ? failure.Message
                : "The server cannot be reached, so it does not know yet that you leave. Try again when you are connected.";
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

    private static string[] Paragraphs(string text) => text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    public async ValueTask DisposeAsync()
    {
        outbox.Changed -= Render;
        await presenter.DisposeAsync();
        await pictures.DisposeAsync();
    }
}
