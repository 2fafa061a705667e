using PerceptionStudy.Server.Admin;

namespace PerceptionStudy.Server.Analysis.Results;

/// <summary>What a report needs beside the stylesheet of the results page: the theme's light colours by their names, and the page itself.</summary>
internal static class ReportCss
{
    public static string Colours
    {
        get
        {
            var light = AdminTheme.Theme.PaletteLight;
            (string Name, MudBlazor.Utilities.MudColor Colour)[] named =
            [
                ("primary", light.Primary), ("secondary", light.Secondary), ("tertiary", light.Tertiary), ("info", light.Info), ("success", light.Success), ("warning", light.Warning), ("error", light.Error),
                ("surface", light.Surface), ("text-primary", light.TextPrimary), ("text-secondary", light.TextSecondary), ("divider", light.Divider), ("table-lines", light.TableLines),
            ];
            return $":root{{{string.Concat(named.Select(c => $"--mud-palette-{c.Name}:{c.Colour.ToString(MudBlazor.Utilities.MudColorOutputFormats.Hex)};"))}}}\n";
        }
    }

    public const string Page =
        """

        body { font: 15px/1.5 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; color: var(--mud-palette-text-primary); max-width: 52rem; margin: 2.5rem auto; padding: 0 1.5rem; }
        h1 { font-size: 1.6rem; } h2 { font-size: 1.15rem; margin: 2rem 0 .75rem; } section { break-inside: avoid-page; }
        .quiet, .reason { color: var(--mud-palette-text-secondary); font-size: .85rem; }
        .synthetic { background: #f2b84b; padding: .6rem 1rem; border-radius: 8px; font-weight: 600; }
        .scatter-box { max-width: 26rem; } .breakdown { max-height: none; } .numbers-scroll { overflow: visible; }
        @media print { body { margin: 0; max-width: none; font-size: 11pt; } @page { size: A4; margin: 18mm; } }
        """;
}
