using System.Text.RegularExpressions;
using Microsoft.Playwright;
using PerceptionStudy.Server.Tests.Data;

namespace PerceptionStudy.EndToEnd.Tests.Operation;

/// <summary>A server with the demo in it.</summary>
public sealed class DemoServer : ServerProcess
{
    public DemoServer() => Settings["Demo"] = "true";
}

/// <summary>Follows every link and opens what can be opened: the content security policy stops nothing of ours, and no page complains.</summary>
public sealed partial class CrawlTests(Browser browser, DemoServer server) : IClassFixture<DemoServer>
{
    private readonly Complaints complaints = new();

    [Fact]
    public async Task The_researchers_pages()
    {
        await using var context = await complaints.ListenAsync(await browser.NewContextAsync(1440, 900));
        var me = new Researcher(await context.NewPageAsync(), server);
        await me.SetUpAsync();
        await MessageAsync(me);
        await ColoursAsync(me);
        var (seen, waiting) = (new HashSet<string>(), new Queue<string>(["/admin", "/admin/tokens", "/admin/look", "/admin/studies/replicate", "/admin/stimuli/import", "/account", "/api/reference/", "/", "/no-access"]));
        while (waiting.TryDequeue(out var path))
        {
            if (!seen.Add(ShapeOf(path))) continue;
            await me.Page.GotoAsync(server.Address + path);
            await Assertions.Expect(me.Heading.First).ToBeVisibleAsync();
            await me.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);
            await OpenEverythingAsync(me.Page);
            foreach (var link in await me.Page.EvaluateAsync<string[]>("[...document.links].filter(a => a.origin === location.origin && !a.download && a.target !== '_blank').map(a => a.pathname)"))
                if (!link.Contains('.', StringComparison.Ordinal)) waiting.Enqueue(link);
        }
        // The library of the API's reference asks whether it may use eval, is told that it may not, and does without.
        var heard = complaints.Heard.Where(c => !c.Contains("/api/reference/: CSP script-src: eval", StringComparison.Ordinal)).ToList();
        Assert.True(heard.Count == 0, string.Join("\n", heard));
        foreach (var page in (string[])["/admin/models/*", "/admin/models/*/accuracy", "/admin/campaigns/*", "/admin/campaigns/*/quality", "/admin/stimuli/*", "/admin/studies/*", "/admin/studies/*/results", "/admin/studies/*/participants", "/admin/studies/*/participants/exclusion-rules", "/admin/studies/*/members", "/admin/audit", "/s/demo", "/s/demo-words"])
            Assert.Contains(page, seen);
    }

    [Fact]
    public async Task What_somebody_smuggles_into_a_page_does_not_run()
    {
        await using var context = await complaints.ListenAsync(await browser.NewContextAsync(1440, 900));
        var page = await context.NewPageAsync();
        foreach (var address in (string[])["/", "/api/reference/", "/withdraw"])
        {
            await page.GotoAsync(server.Address + address);
            complaints.Forget();
            await page.EvaluateAsync(
                """
                const add = (name, change) => { const e = document.createElement(name); change(e); document.body.append(e); };
                add('script', e => e.textContent = 'window.smuggled = "inline"');
                add('script', e => e.src = 'data:text/javascript,window.smuggled="data"');
                add('img', e => { e.src = 'data:,'; e.setAttribute('onerror', 'window.smuggled = "handler"'); });
                add('iframe', e => e.src = 'data:text/html,<script>parent.smuggled="frame"</script>');
                """);
            await Wait.UntilAsync(() => Task.FromResult(complaints.Heard.Any(said => said.Contains("CSP script-src-elem: inline", StringComparison.Ordinal))), "the page complains of the script");
            await page.EvaluateAsync("() => new Promise(done => setTimeout(done, 200))");
            Assert.Null(await page.EvaluateAsync<string?>("window.smuggled ?? null"));
        }
    }

    // A message, as many buttons show one, and its going away.
    private static async Task MessageAsync(Researcher me)
    {
        await me.OpenAsync("/admin/tokens", "API tokens");
        await me.ClickAsync("Make the token");
        var message = me.Page.Locator(".mud-snackbar", new() { HasText = "Please give the token a name" });
        await message.WaitForAsync();
        Assert.Equal("1", await message.EvaluateAsync<string>("message => getComputedStyle(message).opacity"));
        await message.Locator(".mud-snackbar-close-button").ClickAsync();
        await Assertions.Expect(message).ToHaveCountAsync(0);
    }

    // Chosen once, they are there on every page.
    private static async Task ColoursAsync(Researcher me)
    {
        await me.ClickAsync("Dark colours");
        await me.Page.GetByRole(AriaRole.Button, new() { Name = "Light colours" }).WaitForAsync();
        await me.OpenAsync("/admin/people", "People");
        await me.ClickAsync("Light colours");
        await Assertions.Expect(me.Page.GetByRole(AriaRole.Button, new() { Name = "Dark colours" })).ToBeVisibleAsync();
    }

    // Tabs, folded panels, and the list of the first field that has one.
    private static async Task OpenEverythingAsync(IPage page)
    {
        foreach (var tab in await page.Locator(".mud-tab").AllAsync())
        {
            await tab.ClickAsync();
            await Assertions.Expect(tab).ToHaveClassAsync(ActiveTab());
        }
        foreach (var panel in await page.Locator(".mud-expand-panel-header").AllAsync()) await panel.ClickAsync();
        // What the last click brings takes the place of what was there.
        await page.SettledAsync();
        if (await page.Locator(".mud-select .mud-input-control:not(.mud-disabled)").CountAsync() == 0) return;
        await page.Locator(".mud-select .mud-input-control:not(.mud-disabled)").First.ClickAsync();
        await page.Locator(".mud-popover-open").First.WaitForAsync();
        await page.Keyboard.PressAsync("Escape");
    }

    private static string ShapeOf(string path) => Key().Replace(path, "/*").TrimEnd('/');

    [GeneratedRegex(@"\bmud-tab-active\b")]
    private static partial Regex ActiveTab();

    [GeneratedRegex("/[0-9a-f]{8}-[0-9a-f-]{27}|(?<=^/s)/[A-Z0-9]+")]
    private static partial Regex Key();
}
