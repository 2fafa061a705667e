namespace PerceptionStudy.Server.Studies;

/// <summary>What somebody meets at an end of the study.</summary>
public sealed record EndPage
{
    /// <summary>What they read, Markdown; empty for the usual sentence.</summary>
    public string Text { get; init; } = "";

    /// <summary>The code to hand in; null for none, and for completed sessions for a code of each one's own.</summary>
    public string? Code { get; init; }

    /// <summary>
    /// Where the button leads back to, an https address with placeholders (<see cref="ReturnPattern"/>); null for no button.
    /// </summary>
    public string? ReturnPattern { get; init; }
}

/// <summary>The ends of a study, each with its own page.</summary>
public sealed record EndSettings
{
    /// <summary>The server holds every planned answer.</summary>
    public EndPage Completed { get; init; } = new();

    /// <summary>Stopped early; the answers are kept.</summary>
    public EndPage Left { get; init; } = new();

    /// <summary>Withdrew, during the session or after it.</summary>
    public EndPage Withdrawn { get; init; } = new();

    /// <summary>Too few practice trials were right.</summary>
    public EndPage FailedGate { get; init; } = new();

    /// <summary>Too few rounds of the headphone check were right.</summary>
    public EndPage FailedHeadphones { get; init; } = new();

    /// <summary>A statement of the screening is not true.</summary>
    public EndPage ScreenedOut { get; init; } = new();

    /// <summary>All places are taken.</summary>
    public EndPage Full { get; init; } = new();

    /// <summary>Came back too late.</summary>
    public EndPage Expired { get; init; } = new();

    /// <summary>All pages with the names that researchers read.</summary>
    public IEnumerable<(string Name, EndPage Page)> All() =>
        [("Completed", Completed), ("Stopped early", Left), ("Withdrawn", Withdrawn), ("Practice not passed", FailedGate), ("No headphones", FailedHeadphones), ("Screened out", ScreenedOut), ("All places taken", Full), ("Came back too late", Expired)];
}
