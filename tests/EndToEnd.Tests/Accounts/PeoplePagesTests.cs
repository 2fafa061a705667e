using Microsoft.Playwright;
using PerceptionStudy.EndToEnd.Tests.Studies;

namespace PerceptionStudy.EndToEnd.Tests.Accounts;

/// <summary>The pages of accounts, rights and the audit log in the browser: checked by axe-core, at two sizes, in light and dark; passkeys with Chromium's virtual authenticator.</summary>
public sealed class PeoplePagesTests(Browser browser, StudiesOnServer studies) : IClassFixture<StudiesOnServer>
{
    private static readonly string? Folder = Environment.GetEnvironmentVariable("SCREENSHOTS");

    [Theory]
    [InlineData("wide-light", 1440, 900, ColorScheme.Light)]
    [InlineData("small-dark", 1024, 700, ColorScheme.Dark)]
    public async Task Every_page_can_be_used_by_everybody(string name, int width, int height, ColorScheme colours)
    {
        await using var context = await browser.NewContextAsync(width, height, colours: colours);
        var page = await studies.SignInAsync(context);
        var study = await MakeStudyAsync(page, $"Rights {name}");

        await OpenAsync("/admin/people", "People");
        await page.GetByRole(AriaRole.Button, new() { Name = "Invite a colleague" }).ClickAsync();
        await page.GetByText("as a researcher").ClickAsync();
        await page.GetByLabel("Link for your colleague").WaitForAsync();
        var link = await page.GetByLabel("Link for your colleague").InputValueAsync();
        await LookAsync("people");

        // A colleague joins by the link, and sees no study.
        await using (var other = await browser.NewContextAsync(width, height))
        {
            var colleague = await other.NewPageAsync();
            await colleague.GotoAsync(link);
            await colleague.GetByLabel("E-mail").FillAsync($"{name}@example.org");
            await colleague.GetByLabel("Password", new() { Exact = true }).FillAsync("correct horse battery");
            await colleague.GetByLabel("Password again").FillAsync("correct horse battery");
            await colleague.GetByRole(AriaRole.Button, new() { Name = "Make the account" }).ClickAsync();
            await colleague.WaitForURLAsync("**/admin");
            await colleague.GotoAsync($"{studies.Server.Address}/admin/studies");
            await colleague.GetByText("No study yet").WaitForAsync();
            await colleague.GotoAsync($"{studies.Server.Address}/admin/studies/{study}");
            await colleague.GetByRole(AriaRole.Heading, new() { Name = "Not for your account" }).WaitForAsync();
            await Assertions.Expect(colleague.GetByText("Audit log")).ToHaveCountAsync(0);

            // Made an analyst, the colleague sees it, and no button to change it.
            await OpenAsync($"/admin/studies/{study}/members", null);
            await page.GetByLabel("E-mail of somebody with an account").FillAsync($"{name}@example.org");
            await page.GetByRole(AriaRole.Button, new() { Name = "Add the member" }).ClickAsync();
            await page.GetByRole(AriaRole.Cell, new() { Name = $"{name}@example.org" }).WaitForAsync();
            await LookAsync("members");
            await colleague.GotoAsync($"{studies.Server.Address}/admin/studies/{study}");
            await colleague.GetByRole(AriaRole.Heading, new() { Name = $"Rights {name}" }).WaitForAsync();
            await colleague.GetByRole(AriaRole.Link, new() { Name = "Results" }).First.WaitForAsync();
            await Assertions.Expect(colleague.GetByRole(AriaRole.Button, new() { Name = "Save the draft" })).ToHaveCountAsync(0);
            await Assertions.Expect(colleague.GetByLabel("Main trials", new() { Exact = true })).ToBeDisabledAsync();
            await Assertions.Expect(colleague.GetByLabel("Places", new() { Exact = true })).ToBeDisabledAsync();
            await Assertions.Expect(colleague.GetByRole(AriaRole.Button, new() { Name = "Publish" })).ToHaveCountAsync(0);
        }

        await OpenAsync($"/admin/studies/{study}/history", null);
        await page.GetByText("Study member").First.WaitForAsync();
        await LookAsync("history");
        await OpenAsync("/admin/audit", "Audit log");
        await page.GetByRole(AriaRole.Button, new() { Name = "Check the chain" }).ClickAsync();
        await page.GetByText("The chain is intact").WaitForAsync();
        await LookAsync("audit");
        await OpenAsync("/admin/tokens", "API tokens");
        await page.GetByLabel("What will use it").FillAsync("analysis script");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the token" }).ClickAsync();
        await page.GetByLabel("New token").WaitForAsync();
        await LookAsync("tokens");
        await OpenAsync("/account", "Your account");
        await LookAsync("account");
        await OpenAsync("/account/second-factor", "Second factor");
        await LookAsync("second-factor");
        // The account's key is made once, and is there the second time.
        var setUp = page.GetByRole(AriaRole.Button, new() { Name = "Set it up" });
        await setUp.Or(page.Locator(".qr svg")).First.WaitForAsync();
        if (await setUp.IsVisibleAsync())
        {
            await setUp.ClickAsync();
            await page.Locator(".qr svg").WaitForAsync();
            await LookAsync("second-factor-key");
        }
        var elsewhere = new List<string>();
        page.Request += (_, request) =>
        {
            if (!request.Url.StartsWith(studies.Server.Address, StringComparison.Ordinal) && request.Url.StartsWith("http", StringComparison.Ordinal)) elsewhere.Add(request.Url);
        };
        await page.GotoAsync($"{studies.Server.Address}/api/reference");
        await page.GetByText("Stimulus sets").First.WaitForAsync();
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        await page.SettledAsync();
        Assert.Empty(elsewhere);
        if (Folder is not null) await page.ScreenshotAsync(new() { Path = Path.Combine(Folder, $"people-{name}-reference.png") });

        async Task OpenAsync(string path, string? heading)
        {
            await page.GotoAsync(studies.Server.Address + path);
            await Assertions.Expect(page.Locator("h1")).ToBeVisibleAsync();
            if (heading is not null) await Assertions.Expect(page.Locator("h1")).ToHaveTextAsync(heading);
        }

        async Task LookAsync(string screen)
        {
            await page.SettledAsync();
            if (Folder is not null) await page.ScreenshotAsync(new() { Path = Path.Combine(Folder, $"people-{name}-{screen}.png"), FullPage = true });
            Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), $"{screen} is wider than the window.");
            var violations = await page.ViolationsAsync();
            Assert.True(violations.Length == 0, $"{screen}: {string.Join("\n", violations)}");
        }
    }

    [Fact]
    public async Task The_second_of_two_who_edit_a_draft_is_told_and_overwrites_nothing()
    {
        await using var context = await browser.NewContextAsync(1440, 900);
        var ann = await studies.SignInAsync(context);
        var study = await MakeStudyAsync(ann, "Edited by two");
        var bob = await context.NewPageAsync();
        await bob.GotoAsync($"{studies.Server.Address}/admin/studies/{study}");
        await SetThanksAsync(ann, "Ann's thanks");
        await ann.GetByText("The draft is saved.").WaitForAsync();
        await SetThanksAsync(bob, "Bob's thanks");
        await bob.GetByText("has saved this study").First.WaitForAsync();
        // Trying again does not help.
        await bob.GetByRole(AriaRole.Button, new() { Name = "Save the draft" }).PressAsync("Enter");
        await Assertions.Expect(bob.GetByRole(AriaRole.Button, new() { Name = "Save the draft" })).ToBeEnabledAsync();
        await Assertions.Expect(bob.GetByText("Not saved yet")).ToBeVisibleAsync();

        await using var db = studies.Server.OpenDatabase();
        Assert.Equal("Ann's thanks", (await db.Studies.FindAsync(Guid.Parse(study)))!.Draft.Thanks);

        static async Task SetThanksAsync(IPage page, string thanks)
        {
            await page.GetByLabel("Thanks, above the completion code").FillAsync(thanks);
            await page.GetByRole(AriaRole.Button, new() { Name = "Save the draft" }).ClickAsync();
        }
    }

    [Fact]
    public async Task A_passkey_is_made_signs_in_and_is_removed()
    {
        // WebAuthn knows names of hosts, not numbers.
        var address = studies.Server.Address.Replace("127.0.0.1", "localhost");
        await using var context = await browser.NewContextAsync(1024, 800);
        var page = await context.NewPageAsync();
        var devtools = await context.NewCDPSessionAsync(page);
        await devtools.SendAsync("WebAuthn.enable");
        await devtools.SendAsync("WebAuthn.addVirtualAuthenticator", new()
        {
            ["options"] = new Dictionary<string, object> { ["protocol"] = "ctap2", ["transport"] = "internal", ["hasResidentKey"] = true, ["hasUserVerification"] = true, ["isUserVerified"] = true },
        });
        await page.GotoAsync(address + "/sign-in");
        await page.GetByLabel("E-mail").FillAsync("researcher@example.org");
        await page.GetByLabel("Password").FillAsync("correct horse battery");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await page.WaitForURLAsync("**/admin");
        await page.GotoAsync(address + "/account");
        await page.GetByRole(AriaRole.Button, new() { Name = "Add a passkey" }).ClickAsync();
        await page.GetByText("The passkey is added.").WaitForAsync();

        await context.ClearCookiesAsync();
        await page.GotoAsync(address + "/admin/people");
        await page.GetByRole(AriaRole.Button, new() { Name = "Use a passkey instead" }).ClickAsync();
        await page.WaitForURLAsync("**/admin/people");
        await page.GetByRole(AriaRole.Heading, new() { Name = "People" }).WaitForAsync();

        await page.GotoAsync(address + "/account");
        await page.GetByRole(AriaRole.Button, new() { Name = "Remove" }).ClickAsync();
        await page.GetByText("The passkey is removed.").WaitForAsync();
        await context.ClearCookiesAsync();
        await page.GotoAsync(address + "/sign-in");
        await page.GetByRole(AriaRole.Button, new() { Name = "Use a passkey instead" }).ClickAsync();
        await page.Locator("#passkey-problem").GetByText("not accepted").WaitForAsync();
    }

    private async Task<string> MakeStudyAsync(IPage page, string title)
    {
        await page.GotoAsync($"{studies.Server.Address}/admin/studies/new");
        await page.GetByLabel("Title", new() { Exact = true }).FillAsync(title);
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the draft" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = title }).WaitForAsync();
        return new Uri(page.Url).Segments[^1];
    }
}
