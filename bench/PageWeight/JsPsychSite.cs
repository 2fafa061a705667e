using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace PerceptionStudy.Bench.PageWeight;

/// <summary>A page with one jsPsych trial as its documentation shows it, its files as npm has them, sent as small as Brotli makes them.</summary>
internal static class JsPsychSite
{
    private const string Page = """
        <!DOCTYPE html>
        <html>
          <head>
            <title>Trial</title>
            <script src="/jspsych/dist/index.browser.min.js"></script>
            <script src="/@jspsych/plugin-image-keyboard-response/dist/index.browser.min.js"></script>
            <link rel="stylesheet" href="/jspsych/css/jspsych.css">
          </head>
          <body></body>
          <script>
            const jsPsych = initJsPsych();
            jsPsych.run([{ type: jsPsychImageKeyboardResponse, stimulus: '/stimuli/picture.svg', choices: ['f', 'j'] }]);
          </script>
        </html>
        """;

    /// <param name="packages">Folder of npm packages.</param>
    public static async Task<(WebApplication Site, string Address)> StartAsync(string packages)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddResponseCompression(compression =>
        {
            compression.Providers.Add<BrotliCompressionProvider>();
            compression.MimeTypes = ["text/html", "text/javascript", "text/css", "image/svg+xml"];
        });
        builder.Services.Configure<BrotliCompressionProviderOptions>(brotli => brotli.Level = System.IO.Compression.CompressionLevel.SmallestSize);
        var site = builder.Build();
        site.Urls.Add("http://127.0.0.1:0");
        site.UseResponseCompression();
        site.MapGet("/", () => Results.Text(Page, "text/html"));
        site.MapGet("/stimuli/picture.svg", () => Results.Text("""<svg xmlns="http://www.w3.org/2000/svg" width="224" height="224"><circle cx="112" cy="112" r="80"/></svg>""", "image/svg+xml"));
        site.MapGet("/{**path}", (string path) => File.Exists(Path.Combine(packages, path))
            ? Results.File(Path.GetFullPath(Path.Combine(packages, path)), path.EndsWith(".css", StringComparison.Ordinal) ? "text/css" : "text/javascript")
            : Results.NotFound());
        await site.StartAsync();
        return (site, site.Urls.First());
    }
}
