using AngleSharp.Dom;
using Ganss.Xss;
using Markdig;

namespace PerceptionStudy.Server.Studies;

/// <summary>
/// Texts that researchers write for participants: CommonMark, made into HTML that a participant's browser may be shown. Tags that somebody writes
/// come out as text; of what Markdown makes, only words, lists and links stay. No pictures: they would tell another site who takes part.
/// </summary>
public static class ParticipantMarkdown
{
    private static readonly MarkdownPipeline Pipeline = new MarkdownPipelineBuilder().DisableHtml().UsePipeTables().UseAutoLinks().Build();

    private static readonly string[] Blocks = ["p", "h1", "h2", "h3", "h4", "ul", "ol", "li", "blockquote", "table"];

    private static readonly HtmlSanitizer Sanitizer = NewSanitizer();

    /// <summary>HTML of the text; empty for an empty one. Each block has the direction of its own script.</summary>
    public static string Html(string? markdown) => string.IsNullOrWhiteSpace(markdown) ? "" : Sanitizer.Sanitize(Markdown.ToHtml(markdown, Pipeline)).Trim();

    private static HtmlSanitizer NewSanitizer()
    {
        var sanitizer = new HtmlSanitizer(new HtmlSanitizerOptions
        {
            AllowedTags = new HashSet<string>([.. Blocks, "strong", "em", "del", "a", "br", "hr", "code", "pre", "thead", "tbody", "tr", "th", "td"], StringComparer.OrdinalIgnoreCase),
            AllowedAttributes = new HashSet<string>(["href", "dir", "target", "rel"], StringComparer.OrdinalIgnoreCase),
            AllowedSchemes = new HashSet<string>(["https", "mailto"], StringComparer.OrdinalIgnoreCase),
        });
        sanitizer.PostProcessNode += (_, processed) =>
        {
            if (processed.Node is not IElement element) return;
            if (Blocks.Contains(element.LocalName)) element.SetAttribute("dir", "auto");
            if (element.LocalName != "a") return;
            // The study stays open, and the other site does not learn from where somebody came.
            element.SetAttribute("target", "_blank");
            element.SetAttribute("rel", "noopener noreferrer");
        };
        return sanitizer;
    }
}
