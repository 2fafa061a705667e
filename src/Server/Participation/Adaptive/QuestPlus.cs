namespace PerceptionStudy.Server.Participation.Adaptive;

/// <summary>QUEST+ (Watson 2017): the next level is the one after whose answer the least uncertainty is expected. A pure function of the answers so far.</summary>
public static class QuestPlus
{
    // Expected entropies that differ by less are equal: which one the arithmetic favours shall not decide.
    private const double Equal = 1e-9;

    /// <param name="levels">Number of levels.</param>
    /// <param name="guess">Proportion correct by guessing.</param>
    /// <param name="criterion">Whose level is asked for.</param>
    /// <param name="answers">So far.</param>
    /// <param name="random">Decides between levels that tell equally much.</param>
    public static LevelDecision Next(int levels, double guess, double criterion, IReadOnlyCollection<LevelAnswer> answers, SequenceRandom random)
    {
        var posterior = LevelPosterior.Of(levels, guess, answers);
        var entropies = Enumerable.Range(1, levels).Select(posterior.ExpectedEntropy).ToArray();
        var least = entropies.Min();
        var best = Enumerable.Range(1, levels).Where(level => entropies[level - 1] <= least + Equal).ToArray();
        return new LevelDecision(best[random.Below(best.Length)], answers.Count == 0 ? null : posterior.Estimate(criterion));
    }
}
