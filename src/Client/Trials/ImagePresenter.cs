using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;
using PerceptionStudy.Shared.Sessions;
using PerceptionStudy.Shared.Trials;

namespace PerceptionStudy.Client.Trials;

/// <summary>What a presented trial gave.</summary>
public sealed record PresentedAnswer(string Choice, double ReactionTimeMs, TrialTiming Timing);

/// <summary>The presenter on the frame clock: <c>present/image.js</c>.</summary>
public sealed class ImagePresenter(IJSRuntime js)
{
    private IJSObjectReference? presenter;

    public async Task CreateAsync(ElementReference host, SessionPlan plan)
    {
        await using var module = await js.InvokeAsync<IJSObjectReference>("import", "/present/image.js");
        var options = JsonSerializer.SerializeToElement(
            new PresenterOptions(plan.Choices, "/icons", plan.PictureCssPx, plan.Durations.BlankMs, plan.Durations.FixationMs, plan.Durations.StimulusMs, plan.Durations.MaskMs),
            PresenterJson.Default.PresenterOptions);
        presenter = await module.InvokeAsync<IJSObjectReference>("create", host, options);
    }

    /// <summary>Draws everything of the next trial, and frees the picture.</summary>
    public async Task PrepareAsync(IJSObjectReference bitmap, int maskSeed)
    {
        await presenter!.InvokeVoidAsync("prepare", bitmap, maskSeed);
        await bitmap.InvokeVoidAsync("close");
        await bitmap.DisposeAsync();
    }

    /// <summary>Runs the prepared trial; returns when it is answered, with the response grid still there.</summary>
    public async Task<PresentedAnswer> RunAsync()
    {
        var json = await presenter!.InvokeAsync<string>("run");
        return JsonSerializer.Deserialize(json, PresenterJson.Default.PresentedAnswer)!;
    }

    /// <summary>Back to empty grey.</summary>
    public ValueTask ClearAsync() => presenter!.InvokeVoidAsync("clear");

    /// <summary>While held, the response grid takes no answer.</summary>
    public ValueTask HoldAsync(bool held) => presenter!.InvokeVoidAsync("hold", held);

    public async ValueTask DisposeAsync()
    {
        if (presenter is null) return;
        await presenter.InvokeVoidAsync("dispose");
        await presenter.DisposeAsync();
        presenter = null;
    }
}

internal sealed record PresenterOptions(string[] Choices, string IconFolder, int PictureCssPx, int BlankMs, int FixationMs, int StimulusMs, int MaskMs);

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(PresentedAnswer))]
[JsonSerializable(typeof(PresenterOptions))]
internal sealed partial class PresenterJson : JsonSerializerContext;
