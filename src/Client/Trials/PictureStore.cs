using System.Text.Json;
using Microsoft.JSInterop;
using PerceptionStudy.Shared.Trials;

namespace PerceptionStudy.Client.Trials;

/// <summary>Fetches pictures ahead and decodes them: <c>present/pictures.js</c>.</summary>
public sealed class PictureStore(IJSRuntime js)
{
    private IJSObjectReference? pictures;

    /// <param name="trials">In order.</param>
    /// <param name="ahead">How many pictures to fetch ahead; null for whole blocks.</param>
    public async Task LoadAsync(IEnumerable<TrialPresentation> trials, int? ahead)
    {
        if (pictures is null)
        {
            await using var module = await js.InvokeAsync<IJSObjectReference>("import", "/present/pictures.js");
            pictures = await module.InvokeAsync<IJSObjectReference>("create");
        }
        await pictures.InvokeVoidAsync("load", [trials.Select(AddressOf).ToArray(), ahead]);
    }

    /// <summary>How many pictures there are, of how many, and how many failed for good.</summary>
    public async Task<(int Loaded, int Total, int Failed)> ProgressAsync()
    {
        var progress = await pictures!.InvokeAsync<JsonElement>("progress");
        return (progress.GetProperty("loaded").GetInt32(), progress.GetProperty("total").GetInt32(), progress.GetProperty("failed").GetInt32());
    }

    /// <summary>The decoded picture of a trial.</summary>
    /// <exception cref="HttpRequestException">It cannot be had.</exception>
    public async Task<IJSObjectReference> DecodeAsync(TrialPresentation trial)
    {
        try
        {
            return await pictures!.InvokeAsync<IJSObjectReference>("decode", AddressOf(trial));
        }
        catch (JSException failure)
        {
            throw new HttpRequestException($"The picture of a trial could not be loaded: {failure.Message}", failure);
        }
    }

    public ValueTask ForgetAsync(TrialPresentation trial) => pictures!.InvokeVoidAsync("forget", AddressOf(trial));

    public async ValueTask DisposeAsync()
    {
        if (pictures is null) return;
        await pictures.InvokeVoidAsync("dispose");
        await pictures.DisposeAsync();
        pictures = null;
    }

    private static string AddressOf(TrialPresentation trial) => "/" + trial.StimulusAddress;
}
