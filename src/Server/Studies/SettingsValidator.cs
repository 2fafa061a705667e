using PerceptionStudy.Shared.Sessions;
using PerceptionStudy.Shared.Texts;

namespace PerceptionStudy.Server.Studies;

/// <summary>Says in sentences what is wrong with how a design shows pictures and takes answers.</summary>
internal static class SettingsValidator
{
    private const int MostWords = 1000;

    public static IEnumerable<(DesignField Field, string Sentence)> Validate(StudyDesign design) =>
        In(DesignField.Display, Display(design.Display)).Concat(In(DesignField.Answers, Choices(design).Concat(Keys(design)).Concat(Answers(design.Response)))).Concat(In(DesignField.Course, Course(design)));

    private static IEnumerable<(DesignField, string)> In(DesignField field, IEnumerable<string> sentences) => sentences.Select(sentence => (field, sentence));

    private static IEnumerable<string> Display(DisplaySettings display)
    {
        if (display.SizeDegrees is < 0.5 or > 40) yield return $"The picture has {display.SizeDegrees}°: choose from 0.5° to 40°, or leave the field empty for a size in CSS pixels.";
    }

    private static IEnumerable<string> Choices(StudyDesign design)
    {
        var (count, response) = (design.ChoicesPerTrial, design.Response);
        foreach (var problem in DrawnChoices(design)) yield return problem;
        if (response.Format == AnswerFormat.Grid && count is < 2 or > ResponseSettings.MostInGrid)
            yield return $"The response grid has room for 2 to {ResponseSettings.MostInGrid} categories, and the design has {count}: choose typed words for more.";
        if (response.Format == AnswerFormat.Row && count is < 2 or > ResponseSettings.MostInRow)
            yield return $"A row has room for 2 to {ResponseSettings.MostInRow} categories, and the design has {count}: choose the grid.";
        if (response.Format == AnswerFormat.Word && design.Vocabulary.Count is < 2 or > MostWords)
            yield return $"The list of words has {design.Vocabulary.Count} entries: from 2 to {MostWords} can be completed quickly.";
        if (response.ExtraWords.Length > 0 && response.Format != AnswerFormat.Word)
            yield return "Extra words are for typed answers: choose that format, or take them out.";
        if (response.ExtraWords.FirstOrDefault(word => string.IsNullOrWhiteSpace(word) || response.ExtraWords.Count(w => w == word) > 1) is { } wrong)
            yield return $"The extra word '{wrong}' is empty or listed twice: take it out.";
    }

    private static IEnumerable<string> DrawnChoices(StudyDesign design)
    {
        var (all, response) = (design.Categories.Length, design.Response);
        if (response.ChoicesPerTrial is not { } count) yield break;
        if (count < 2 || count >= all) yield return $"Each trial draws {count} choices of {all} categories: choose from 2 to {all - 1}, or leave it empty for all of them.";
        if (all > ResponseSettings.MostToDrawFrom) yield return $"Choices can be drawn from at most {ResponseSettings.MostToDrawFrom} categories, and the design has {all}.";
        if (response.Format == AnswerFormat.Word) yield return "Typed words complete to all categories: leave the number of choices of a trial empty, or choose tiles.";
        if (response.OrderPerParticipant) yield return "Choices that are drawn for each trial have a new order each time: take back the order of each participant.";
    }

    private static IEnumerable<string> Keys(StudyDesign design)
    {
        var keys = design.Response.Keys;
        if (keys.Length == 0) yield break;
        var needed = design.ChoicesPerTrial + (design.Response.DontKnow ? 1 : 0);
        if (design.Response.Format == AnswerFormat.Word) yield return "Typed words need no keys: take them out.";
        else if (keys.Length != needed) yield return $"There are {keys.Length} keys for {needed} answers: name one for each, or none for the usual keys.";
        if (keys.Distinct().Count() < keys.Length) yield return "A key is named twice: each answer needs its own.";
        if (keys.FirstOrDefault(key => key.Length == 0 || !key.All(char.IsAsciiLetterOrDigit)) is { } wrong)
            yield return $"'{wrong}' is no key: name keys by their place as KeyboardEvent.code does, for example KeyF, Digit1, ArrowLeft or Space.";
    }

    private static IEnumerable<string> Answers(ResponseSettings response)
    {
        if (response.TimeLimitMs is < 100 or > 600_000) yield return $"The time limit is {response.TimeLimitMs} ms: choose from 100 to 600,000, or leave it empty.";
        if (response.ConfidenceLevels is < 2 or > 9) yield return $"The confidence rating has {response.ConfidenceLevels} levels: choose from 2 to 9, or leave it empty.";
    }

    private static IEnumerable<string> Course(StudyDesign design)
    {
        if (design.Practice.RequiredProportion is < 0 or > 1) yield return "The share of the practice that has to be right lies from 0 to 1: correct it, or leave it empty.";
        if (design.Practice.ScoredTrials < 0 || design.Practice.ScoredTrials > design.PracticeStimuli.Length)
            yield return $"{design.Practice.ScoredTrials} of the practice trials come without feedback, and there are {design.PracticeStimuli.Length}: choose at most so many.";
        if (design.Practice.RequiredProportion is not null && design.PracticeStimuli.Length == 0)
            yield return "The gate needs a practice, and there is none: add practice trials, or leave the share that has to be right empty.";
        if (design.Practice.Attempts is < 1 or > 5) yield return $"The practice may be done {design.Practice.Attempts} times: choose from 1 to 5.";
        if (design.BreakEveryTrials is < 0 or > 1000) yield return $"A break after every {design.BreakEveryTrials} trials: choose from 1 to 1,000, 0 for none, or leave it empty.";
        if (design.LongestMinutes is < 1 or > 600) yield return $"A session of at most {design.LongestMinutes} minutes: choose from 1 to 600, or leave it empty.";
        if (design.Language is { } language && !ParticipantTexts.Languages.Contains(language))
            yield return $"There are no texts in the language '{language}': choose {string.Join(" or ", ParticipantTexts.Languages)}, or that of the browser.";
    }
}
