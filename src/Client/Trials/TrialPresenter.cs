using System.Text.Json;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using PerceptionStudy.Shared.Sessions;
using PerceptionStudy.Shared.Texts;
using PerceptionStudy.Shared.Trials;

namespace PerceptionStudy.Client.Trials;

/// <summary>What a presented trial gave.</summary>
public sealed record PresentedAnswer(ResponseKind Kind, string? Choice, double? ReactionTimeMs, int? Confidence, double? ConfidenceTimeMs, TrialTiming Timing)
{
    public TrialResponse For(Guid trialId) => new()
    {
        TrialId = trialId, Kind = Kind, Choice = Choice, ReactionTimeMs = ReactionTimeMs, Confidence = Confidence, ConfidenceTimeMs = ConfidenceTimeMs, Timing = Timing,
    };
}

/// <summary>The presenter: <c>present/image.js</c> or <c>present/sound.js</c>.</summary>
public sealed class TrialPresenter(IJSRuntime js)
{
    private IJSObjectReference? presenter;

    public async Task CreateAsync(ElementReference host, SessionPlan plan, VisualAngle? angle, ParticipantTexts texts)
    {
        await using var module = await js.InvokeAsync<IJSObjectReference>("import", plan.Sound is null ? "/present/image.js" : "/present/sound.js");
        var options = JsonSerializer.SerializeToElement(PresenterOptions.Of(plan, angle, texts), PresenterJson.Default.PresenterOptions);
        presenter = await module.InvokeAsync<IJSObjectReference>("create", host, options);
    }

    /// <summary>Draws everything of the next trial, and frees what was opened for it.</summary>
    public async Task PrepareAsync(IJSObjectReference stimulus, TrialPresentation trial)
    {
        await presenter!.InvokeVoidAsync("prepare", stimulus, trial.MaskSeed, trial.Choices);
        await stimulus.InvokeVoidAsync("close");
        await stimulus.DisposeAsync();
    }

    /// <summary>Runs the prepared trial; returns when it is answered, with the response screen still there.</summary>
    public async Task<PresentedAnswer> RunAsync()
    {
        var json = await presenter!.InvokeAsync<string>("run");
        return JsonSerializer.Deserialize(json, PresenterJson.Default.PresentedAnswer)!;
    }

    /// <summary>Back to empty grey.</summary>
    public ValueTask ClearAsync() => presenter!.InvokeVoidAsync("clear");

    /// <summary>While held, no answer is taken.</summary>
    public ValueTask HoldAsync(bool held) => presenter!.InvokeVoidAsync("hold", held);

    public async ValueTask DisposeAsync()
    {
        if (presenter is null) return;
        await presenter.InvokeVoidAsync("dispose");
        await presenter.DisposeAsync();
        presenter = null;
    }
}
