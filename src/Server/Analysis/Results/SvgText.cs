using System.Net;
using Microsoft.AspNetCore.Components;

namespace PerceptionStudy.Server.Analysis.Results;

/// <summary>Texts inside charts, content encoded. Razor keeps <c>&lt;text&gt;</c> for itself and <c>&lt;title&gt;</c> for the page, so both are written as markup. The pages' policy forbids style attributes in it.</summary>
internal static class SvgText
{
    public static MarkupString At(string anchor, double x, double y, string content, string css = "") =>
        new($"<text class=\"{css}\" text-anchor=\"{anchor}\" x=\"{CurveGeometry.Number(x)}\" y=\"{CurveGeometry.Number(y)}\">{WebUtility.HtmlEncode(content)}</text>");

    public static MarkupString Turned(string css, double x, double y, int degrees, string anchor, string content) =>
        new($"<text class=\"{css}\" text-anchor=\"{anchor}\" transform=\"translate({CurveGeometry.Number(x)} {CurveGeometry.Number(y)}) rotate({degrees})\">{WebUtility.HtmlEncode(content)}</text>");

    public static MarkupString Tip(string content) => new($"<title>{WebUtility.HtmlEncode(content)}</title>");

    public static string Shortened(string name, int most = 16) => name.Length <= most ? name : name[..(most - 1)] + "…";
}
