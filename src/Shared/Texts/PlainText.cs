namespace PerceptionStudy.Shared.Texts;

/// <summary>Plain text as researchers write it.</summary>
public static class PlainText
{
    /// <summary>Its paragraphs: an empty line begins a new one.</summary>
    public static string[] Paragraphs(string text) => text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
