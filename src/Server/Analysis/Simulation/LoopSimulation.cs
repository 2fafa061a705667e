using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Participation.Adaptive;
using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Analysis.Simulation;

/// <summary>How near a method comes to the true level of the criterion, over simulated observers, in levels.</summary>
/// <param name="Bias">Mean of estimate − truth.</param>
/// <param name="Sd">Standard deviation of estimate − truth.</param>
/// <param name="Covered">Share of observers whose true level lies in the 95 % interval.</param>
/// <param name="WithoutEstimate">Observers for whom too little was answered; they enter no other figure.</param>
public sealed record LoopAccuracy(double Bias, double Sd, double Covered, int WithoutEstimate)
{
    /// <summary>Root of the mean squared error.</summary>
    public double Rmse => Math.Sqrt(Bias * Bias + Sd * Sd);
}

/// <summary>
/// Lets closed loops, and the method of constant stimuli at equally many trials, measure observers whose psychometric function is known. Every method meets the
/// same observers.
/// </summary>
public static class LoopSimulation
{
    /// <param name="design">Its method and number of choices; without a method, constant stimuli: every level equally often in random order, and the same posterior as QUEST+.</param>
    /// <param name="levels">Number of levels.</param>
    /// <param name="criterion">The proportion correct whose level is asked for.</param>
    /// <param name="trials">Trials of each observer.</param>
    /// <param name="observers">Their functions.</param>
    /// <param name="seed">Decides their answers.</param>
    public static LoopAccuracy Run(StudyDesign design, int levels, double criterion, int trials, IReadOnlyList<PsychometricFunction> observers, int seed)
    {
        var outcomes = new (double Error, bool Covered)?[observers.Count];
        Parallel.For(0, observers.Count, n =>
        {
            var answers = Answer(design, levels, trials, observers[n], unchecked(seed * 7919 + n));
            var estimate = design.Adaptive.Any
                ? ClosedLoop.Estimate(design, levels, answers)
                : LevelPosterior.Of(levels, 1.0 / design.ChoicesPerTrial, answers).Estimate(criterion);
            var truth = observers[n].LevelOf(criterion);
            if (estimate is { } e) outcomes[n] = (e.Level - truth, e.Low <= truth && truth <= e.High);
        });
        var known = outcomes.OfType<(double Error, bool Covered)>().ToList();
        var bias = known.Average(o => o.Error);
        return new LoopAccuracy(bias, Math.Sqrt(known.Average(o => (o.Error - bias) * (o.Error - bias))), known.Average(o => o.Covered ? 1.0 : 0), outcomes.Length - known.Count);
    }

    private static List<LevelAnswer> Answer(StudyDesign design, int levels, int trials, PsychometricFunction observer, int seed)
    {
        var random = new SequenceRandom(seed);
        var constant = random.Shuffled(Enumerable.Range(0, trials).Select(n => 1 + n % levels));
        var answers = new List<LevelAnswer>();
        while (answers.Count < trials)
        {
            var level = design.Adaptive.Any ? ClosedLoop.Next(design, levels, answers, seed).Level : constant[answers.Count];
            answers.Add(new LevelAnswer(level, random.Below(1_000_000) < 1_000_000 * observer.At(level)));
        }
        return answers;
    }

    /// <summary>Observers as they may come: thresholds evenly between the second level and the last but one, widths 0.3 to 1, lapse rates 0 to 0.1.</summary>
    public static PsychometricFunction[] Observers(int count, int levels, double guess, int seed)
    {
        var random = new SequenceRandom(seed);
        return [.. Enumerable.Range(0, count).Select(_ => new PsychometricFunction(Between(2, levels - 1), Between(0.3, 1), Between(0, 0.1), guess))];

        double Between(double low, double high) => low + (high - low) * random.Below(1_000_000) / 999_999;
    }
}
