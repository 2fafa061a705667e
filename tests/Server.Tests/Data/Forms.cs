using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Accounts;

namespace PerceptionStudy.Server.Tests.Data;

/// <summary>Sends the forms of server-rendered pages as a browser does: with the hidden fields of the page that was fetched.</summary>
public static partial class Forms
{
    public const string Password = "correct horse battery";

    /// <summary>Makes an administrator and signs the server's client in.</summary>
    public static async Task<HttpClient> SignInAsync(this RunningServer server, string email = "researcher@example.org")
    {
        await server.AddResearcherAsync(email, isAdministrator: true);
        return await server.Client.SignInAsync(email);
    }

    /// <summary>Makes an account, unless there is one with this address.</summary>
    public static async Task<Guid> AddResearcherAsync(this RunningServer server, string email, bool isAdministrator = false)
    {
        await using var scope = server.Services.CreateAsyncScope();
        var researchers = scope.ServiceProvider.GetRequiredService<UserManager<Researcher>>();
        if (await researchers.FindByEmailAsync(email) is { } there) return there.Id;
        var researcher = new Researcher { Id = Guid.CreateVersion7(), UserName = email, Email = email, IsAdministrator = isAdministrator, CreatedAt = TimeProvider.System.GetUtcNow() };
        var made = await researchers.CreateAsync(researcher, Password);
        Assert.True(made.Succeeded, string.Join(' ', made.Errors.Select(e => e.Description)));
        return researcher.Id;
    }

    /// <summary>Signs a browser in.</summary>
    public static async Task<HttpClient> SignInAsync(this HttpClient client, string email)
    {
        var answer = await client.SendFormAsync("/sign-in", new() { ["Form.Email"] = email, ["Form.Password"] = Password });
        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        return client;
    }

    /// <summary>A program of a researcher's, with a token for everything unless something else is said.</summary>
    public static async Task<HttpClient> ProgramOfAsync(
        this RunningServer server, string email, TokenScopes scopes = TokenScopes.Read | TokenScopes.Design | TokenScopes.Run | TokenScopes.Analyse | TokenScopes.Administer, bool isAdministrator = false)
    {
        var id = await server.AddResearcherAsync(email, isAdministrator);
        var token = "";
        await new Actor(id, email).DoAsync(async () => token = await server.Services.GetRequiredService<ApiTokens>().CreateAsync("test", scopes, 1));
        var client = server.NewClient();
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return client;
    }

    /// <summary>Fetches the page, fills the form, sends it.</summary>
    public static Task<HttpResponseMessage> SendFormAsync(this HttpClient client, string page, Dictionary<string, string> fields) => client.SendFormAsync(page, page, fields);

    /// <summary>The same to another address than that of the page.</summary>
    public static async Task<HttpResponseMessage> SendFormAsync(this HttpClient client, string page, string address, Dictionary<string, string> fields)
    {
        await client.OpenFormAsync(page, fields);
        return await client.PostAsync(address, new FormUrlEncodedContent(fields));
    }

    /// <summary>Fetches the page and adds its hidden fields to those of the form.</summary>
    public static async Task OpenFormAsync(this HttpClient client, string page, Dictionary<string, string> fields)
    {
        foreach (var (name, value) in HiddenFieldsOf(await client.GetStringAsync(page))) fields.TryAdd(name, value);
    }

    /// <summary>Names and values that the page's forms send by themselves.</summary>
    public static IEnumerable<KeyValuePair<string, string>> HiddenFieldsOf(string html) =>
        HiddenField().Matches(html).Select(hidden => KeyValuePair.Create(hidden.Groups["name"].Value, WebUtility.HtmlDecode(hidden.Groups["value"].Value)));

    /// <summary>The sentences that the page shows as problems.</summary>
    public static async Task<string[]> ProblemsAsync(this HttpResponseMessage answer) =>
        [.. Problem().Matches(await answer.Content.ReadAsStringAsync()).Select(m => WebUtility.HtmlDecode(m.Groups[1].Value))];

    [GeneratedRegex("""<input type="hidden" name="(?<name>[^"]+)" value="(?<value>[^"]*)" ?/?>""")]
    private static partial Regex HiddenField();

    [GeneratedRegex("""<p class="problem" role="alert">([^<]*)</p>""")]
    private static partial Regex Problem();
}
