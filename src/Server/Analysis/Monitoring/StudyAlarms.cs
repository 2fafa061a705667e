using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Analysis.Monitoring;

/// <summary>Says in sentences what goes wrong while a study runs, so that nobody has to look for it.</summary>
public static class StudyAlarms
{
    /// <summary>The timing of a finished session is bad if this share of its trials is.</summary>
    public const double BadSessionFrom = 0.1;

    /// <summary>More than this share of bad sessions is reported.</summary>
    public const double BadSessionsAbove = 0.05;

    /// <summary>From this share of places taken the end is near.</summary>
    public const double NearlyFullFrom = 0.9;

    /// <param name="finished">Finished sessions whose timing is known.</param>
    /// <param name="bad">Of these, the ones with bad timing.</param>
    /// <param name="troubles">What browsers reported, the newest first.</param>
    public static IReadOnlyList<string> Of(Study study, int placesTaken, int finished, int bad, IReadOnlyList<TroubleLine> troubles)
    {
        var sentences = new List<string>();
        if (finished > 0 && bad > BadSessionsAbove * finished)
            sentences.Add($"The timing is bad in {bad} of {finished} finished sessions ({100.0 * bad / finished:0} %): a tenth of their trials or more. Look which devices they use; an exclusion rule on exact timing leaves them out.");
        var pictures = troubles.Where(t => t.IsPicture).ToList();
        if (pictures.Count > 0)
            sentences.Add($"{pictures.Count} {(pictures.Count == 1 ? "picture" : "pictures")} could not be loaded, by {pictures.Select(t => t.Participant).Distinct().Count()} of the participants: see below why, and whether the server can be reached.");
        if (troubles.Count > pictures.Count)
            sentences.Add($"{troubles.Count - pictures.Count} {(troubles.Count - pictures.Count == 1 ? "answer was" : "answers were")} refused: see below why. They are kept in the participants' browsers.");
        if (study is { State: StudyState.Open, Places: { } places } && placesTaken >= NearlyFullFrom * places)
            sentences.Add(placesTaken >= places ? $"All {places} places are taken: whoever comes now is turned away. More places can be set on the design page." : $"{placesTaken} of {places} places are taken: the study is nearly full.");
        return sentences;
    }
}

/// <summary>Something that went wrong in a participant's browser.</summary>
public sealed record TroubleLine(DateTimeOffset At, string Participant, bool IsPicture, string Detail);
