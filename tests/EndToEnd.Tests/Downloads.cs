using Microsoft.Playwright;

namespace PerceptionStudy.EndToEnd.Tests;

/// <summary>Files from the menu of the results page.</summary>
internal static class Downloads
{
    /// <summary>Opens the menu and takes the first file of that name: of a filtered page what it shows, not everything.</summary>
    public static async Task<IDownload> TakeAsync(this IPage page, string file)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Download", Exact = true }).ClickAsync();
        return await page.RunAndWaitForDownloadAsync(() => page.Locator(".mud-popover-open a", new() { HasText = file }).First.ClickAsync());
    }
}
