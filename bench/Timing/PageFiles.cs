using Microsoft.Playwright;

namespace PerceptionStudy.Bench.Timing;

/// <summary>The pages of this folder and what they load. No server is there: every request is answered from the disk.</summary>
internal static class PageFiles
{
    // One that browsers trust, for clocks of full resolution.
    private const string Site = "http://localhost";

    /// <param name="page">A page of its own, empty.</param>
    /// <param name="name">Which page, for example <c>index.html</c>.</param>
    /// <param name="repository">Root of the repository.</param>
    /// <param name="packages">Folder of npm packages, or null for none.</param>
    public static async Task OpenAsync(IPage page, string name, string repository, string? packages = null)
    {
        await page.RouteAsync($"{Site}/**", route => ServeAsync(route, repository, packages));
        await page.GotoAsync($"{Site}/{name}");
    }

    private static async Task ServeAsync(IRoute route, string repository, string? packages)
    {
        var path = new Uri(route.Request.Url).AbsolutePath;
        var file = path switch
        {
            _ when path.StartsWith("/present/", StringComparison.Ordinal) => Path.Combine(repository, "src/Client/wwwroot", path[1..]),
            "/participant.css" => Path.Combine(repository, "src/Server/wwwroot/participant.css"),
            _ when path.StartsWith("/npm/", StringComparison.Ordinal) && packages is not null => Path.Combine(packages, path["/npm/".Length..]),
            _ => Path.Combine(repository, "bench/Timing/page", path[1..]),
        };
        if (!File.Exists(file))
        {
            await route.FulfillAsync(new() { Status = 404 });
            return;
        }
        await route.FulfillAsync(new()
        {
            Path = file,
            ContentType = Path.GetExtension(file) switch { ".js" => "text/javascript", ".css" => "text/css", ".svg" => "image/svg+xml", _ => "text/html" },
            Headers = new Dictionary<string, string> { ["Cross-Origin-Opener-Policy"] = "same-origin", ["Cross-Origin-Embedder-Policy"] = "require-corp" },
        });
    }
}
