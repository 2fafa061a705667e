using System.Text.Json;
using Microsoft.JSInterop;
using PerceptionStudy.Shared.Sessions;

namespace PerceptionStudy.Client.Trials;

/// <summary>Turns the sound on, and plays what is heard before the first trial: <c>present/soundChecks.js</c>.</summary>
public sealed class SoundChecks(IJSRuntime js)
{
    private IJSObjectReference? checks;

    public async Task OpenAsync(SoundPlan plan)
    {
        if (checks is not null) return;
        await using var module = await js.InvokeAsync<IJSObjectReference>("import", "/present/soundChecks.js");
        checks = await module.InvokeAsync<IJSObjectReference>("create", plan.RateHz);
    }

    /// <summary>Turns the sound on; false where the browser plays nothing now.</summary>
    public ValueTask<bool> StartAsync() => checks!.InvokeAsync<bool>("start");

    /// <summary>Plays noise of a level until it is stopped; false where the browser plays nothing.</summary>
    public ValueTask<bool> StartNoiseAsync(double rms) => checks!.InvokeAsync<bool>("startNoise", rms);

    public ValueTask StopNoiseAsync() => checks!.InvokeVoidAsync("stopNoise");

    /// <summary>Plays a round of the headphone check; false if it was not heard to its end.</summary>
    public ValueTask<bool> PlayAsync(HeadphoneCheckPlan check, ToneRound round) =>
        checks!.InvokeAsync<bool>("playTones", JsonSerializer.SerializeToElement(check, PresenterJson.Default.HeadphoneCheckPlan), JsonSerializer.SerializeToElement(round.Tones, PresenterJson.Default.ToneArray));
}
