using MudBlazor;

namespace PerceptionStudy.Server.Admin;

/// <summary>Colours and type of the researchers' pages: deep teal on warm grey, in a light and a dark version.</summary>
public static class AdminTheme
{
    private static readonly string[] Sans = ["Inter", "system-ui", "Segoe UI", "Roboto", "Helvetica Neue", "Arial", "sans-serif"];

    public static MudTheme Theme { get; } = new()
    {
        PaletteLight = new PaletteLight
        {
            Primary = "#0f5c6e",
            Secondary = "#b4531f",
            Tertiary = "#5b4b8a",
            Info = "#2563a8",
            Success = "#2f7d4f",
            Warning = "#b7791f",
            WarningContrastText = "#1e1200",
            Error = "#b3362b",
            Background = "#f6f5f2",
            Surface = "#ffffff",
            AppbarBackground = "#123c47",
            AppbarText = "#f4f8f8",
            DrawerBackground = "#ffffff",
            DrawerText = "#33414a",
            DrawerIcon = "#5f7079",
            TextPrimary = "#1e2a30",
            TextSecondary = "#5b6870",
            LinesDefault = "#e2e0da",
            LinesInputs = "#b9b7b0",
            TableLines = "#ebe9e4",
            Divider = "#e2e0da",
            TableHover = "#f3f6f6",
            ActionDefault = "#5f7079",
        },
        PaletteDark = new PaletteDark
        {
            Primary = "#57b3c4",
            PrimaryContrastText = "#06262d",
            Secondary = "#e59a6a",
            Tertiary = "#a99bdb",
            Info = "#7db4ea",
            Success = "#6cc58d",
            Warning = "#e0b055",
            Error = "#ef8a7f",
            InfoContrastText = "#06262d",
            SuccessContrastText = "#06262d",
            WarningContrastText = "#06262d",
            ErrorContrastText = "#06262d",
            Background = "#12181b",
            Surface = "#1a2226",
            AppbarBackground = "#0e2c34",
            AppbarText = "#e3eef0",
            DrawerBackground = "#161d21",
            DrawerText = "#c4d0d4",
            DrawerIcon = "#8ea0a7",
            TextPrimary = "#e4eaec",
            TextSecondary = "#9fb0b6",
            // What is locked is still to be read.
            TextDisabled = "#8496a0",
            ActionDisabled = "#6b7c85",
            LinesDefault = "#2c373c",
            LinesInputs = "#52636a",
            TableLines = "#273136",
            Divider = "#2c373c",
            TableHover = "#202a2f",
            ActionDefault = "#9fb0b6",
        },
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "8px", AppbarHeight = "56px", DrawerWidthLeft = "216px" },
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = Sans },
            Button = new ButtonTypography { TextTransform = "none", FontWeight = "600", FontFamily = Sans },
        },
    };
}
