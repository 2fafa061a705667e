using Microsoft.JSInterop;

namespace PerceptionStudy.Server.Admin;

/// <summary>What a researcher's browser keeps of choices on the pages: colours, filters. Once a page has been drawn it can be asked.</summary>
public sealed class BrowserMemory(IJSRuntime browser)
{
    /// <summary>Null where nothing is kept.</summary>
    public Task<string?> RecallAsync(string name) => CallAsync<string?>("recall", name);

    /// <summary>Keeps a value; an empty one is forgotten.</summary>
    public Task KeepAsync(string name, string value) => CallAsync<object?>("keep", name, value);

    private async Task<T?> CallAsync<T>(string function, params object[] arguments)
    {
        try
        {
            await using var module = await browser.InvokeAsync<IJSObjectReference>("import", "/remember.js");
            return await module.InvokeAsync<T>(function, arguments);
        }
        catch (JSDisconnectedException)
        {
            return default; // The page was left meanwhile.
        }
    }
}
