using System.Text.Json;
using Microsoft.JSInterop;
using PerceptionStudy.Shared.Sessions;
using PerceptionStudy.Shared.Trials;

namespace PerceptionStudy.Client.Trials;

/// <summary>Fetches pictures or sounds ahead and decodes them: <c>present/pictures.js</c>, <c>present/sounds.js</c>.</summary>
public sealed class StimulusStore(IJSRuntime js)
{
    private IJSObjectReference? files;

    public async Task LoadAsync(SessionPlan plan, IEnumerable<TrialPresentation> trials)
    {
        if (files is null)
        {
            await using var module = await js.InvokeAsync<IJSObjectReference>("import", plan.Sound is null ? "/present/pictures.js" : "/present/sounds.js");
            files = await module.InvokeAsync<IJSObjectReference>("create");
        }
        await files.InvokeVoidAsync("load", [trials.Select(AddressOf).ToArray(), plan.PicturesAhead]);
    }

    /// <summary>How many of the next files there are, of how many, and how many failed for good.</summary>
    public async Task<(int Loaded, int Total, int Failed)> ProgressAsync()
    {
        var progress = await files!.InvokeAsync<JsonElement>("progress");
        return (progress.GetProperty("loaded").GetInt32(), progress.GetProperty("total").GetInt32(), progress.GetProperty("failed").GetInt32());
    }

    /// <summary>The picture or sound of a trial, decoded.</summary>
    /// <exception cref="HttpRequestException">It cannot be had.</exception>
    public async Task<IJSObjectReference> OpenAsync(TrialPresentation trial)
    {
        try
        {
            return await files!.InvokeAsync<IJSObjectReference>("open", AddressOf(trial));
        }
        catch (JSException failure)
        {
            throw new HttpRequestException($"The stimulus of a trial could not be loaded: {failure.Message}", failure);
        }
    }

    public ValueTask ForgetAsync(TrialPresentation trial) => files!.InvokeVoidAsync("forget", AddressOf(trial));

    public async ValueTask DisposeAsync()
    {
        if (files is null) return;
        await files.InvokeVoidAsync("dispose");
        await files.DisposeAsync();
        files = null;
    }

    private static string AddressOf(TrialPresentation trial) => "/" + trial.StimulusAddress;
}
