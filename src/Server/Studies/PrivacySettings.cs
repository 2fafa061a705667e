namespace PerceptionStudy.Server.Studies;

/// <summary>How long a study keeps what it knows of people, and what its record of processing says. It is frozen with the version: it is what was promised.</summary>
public sealed record PrivacySettings
{
    public const int MostDays = 36_500;

    /// <summary>
    /// Recruiters' ids, notes of personal links, comments and the browser's name are deleted so many days after the last sign of life of a session; null for never.
    /// </summary>
    public int? IdsKeptDays { get; init; } = 90;

    /// <summary>Whole sessions with their answers are deleted so many days after their last sign of life; null for never, as for data that are published.</summary>
    public int? AnswersKeptDays { get; init; }

    /// <summary>Who is responsible, with address.</summary>
    public string Controller { get; init; } = "";

    /// <summary>Whom participants may write to, and the data protection officer.</summary>
    public string Contact { get; init; } = "";

    /// <summary>Number or name of the ethics approval.</summary>
    public string EthicsApproval { get; init; } = "";

    internal static IEnumerable<string> Problems(PrivacySettings privacy)
    {
        if (privacy.IdsKeptDays is < 1 or > MostDays) yield return $"Recruiters' ids are kept for {privacy.IdsKeptDays} days: choose 1 to {MostDays:N0}, or leave it empty for ever.";
        if (privacy.AnswersKeptDays is < 1 or > MostDays) yield return $"Answers are kept for {privacy.AnswersKeptDays} days: choose 1 to {MostDays:N0}, or leave it empty for ever.";
        if (privacy is { AnswersKeptDays: { } answers, IdsKeptDays: var ids } && (ids is null || ids > answers)) yield return "Recruiters' ids cannot be kept for longer than the answers: they go with the session. Shorten their time.";
    }
}
