using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Participation.Adaptive;

/// <summary>The method that a design chose, applied to the answers so far. The same answers and seed give the same decision on every machine.</summary>
public static class ClosedLoop
{
    /// <param name="design">Its adaptive settings and number of choices.</param>
    /// <param name="levels">Number of levels.</param>
    /// <param name="answers">So far, in order.</param>
    /// <param name="seed">The session's seed: with the number of answers it decides what is left to chance.</param>
    public static LevelDecision Next(StudyDesign design, int levels, IReadOnlyList<LevelAnswer> answers, int seed) => design.Adaptive.Method switch
    {
        AdaptiveMethod.Staircase => Staircase.Next(levels, design.Adaptive.RightInARow, answers),
        AdaptiveMethod.QuestPlus => QuestPlus.Next(levels, 1.0 / design.ChoicesPerTrial, design.Adaptive.Criterion, answers, new SequenceRandom(unchecked(seed * 31 + answers.Count))),
        _ => throw new ArgumentException("The design chooses no stages from answers.", nameof(design)),
    };

    /// <summary>The level at which recognition falls to the criterion of the method; null while too little was answered.</summary>
    public static LevelEstimate? Estimate(StudyDesign design, int levels, IReadOnlyList<LevelAnswer> answers) => answers.Count == 0 ? null : design.Adaptive.Method switch
    {
        AdaptiveMethod.Staircase => Staircase.Estimate(levels, design.Adaptive.RightInARow, answers),
        _ => LevelPosterior.Of(levels, 1.0 / design.ChoicesPerTrial, answers).Estimate(design.Adaptive.Criterion),
    };
}
