namespace PerceptionStudy.Server.Participation.Adaptive;

/// <summary>
/// What answers say about a participant's psychometric function: the probability of each function of a grid, all equally likely before the first answer.
/// The grid has thresholds from half a level before the first to a level behind the last in steps of a quarter, each standing for the levels up to half a step
/// around it, six widths from 0.2 to 2 levels, and the
/// lapse rates 0, 0.02, 0.05, 0.1 and 0.15.
/// </summary>
public sealed class LevelPosterior
{
    private const double Step = 0.25;

    private static readonly double[] Widths = [0.2, 0.32, 0.5, 0.8, 1.25, 2];
    private static readonly double[] Lapses = [0, 0.02, 0.05, 0.1, 0.15];

    private readonly PsychometricFunction[] functions;
    private readonly double[] probabilities;

    private LevelPosterior(PsychometricFunction[] functions, double[] probabilities) => (this.functions, this.probabilities) = (functions, probabilities);

    /// <param name="levels">Number of levels, at least 1.</param>
    /// <param name="guess">Proportion correct by guessing.</param>
    /// <param name="answers">In any order; they count as independent.</param>
    public static LevelPosterior Of(int levels, double guess, IEnumerable<LevelAnswer> answers)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(levels, 1);
        PsychometricFunction[] functions =
        [
            .. from step in Enumerable.Range(2, (int)((levels + 0.5) / Step) + 1)
               from width in Widths
               from lapse in Lapses
               select new PsychometricFunction(step * Step, width, lapse, guess),
        ];
        var counts = new int[levels + 1, 2];
        foreach (var answer in answers) counts[answer.Level, answer.Correct ? 1 : 0]++;
        var logs = functions.Select(function => LogLikelihood(function, counts)).ToArray();
        var most = logs.Max();
        var weights = logs.Select(log => Math.Exp(log - most)).ToArray();
        var sum = weights.Sum();
        return new LevelPosterior(functions, [.. weights.Select(w => w / sum)]);
    }

    /// <summary>Mean, standard deviation and central 95 % of the level at which the proportion correct is the criterion.</summary>
    /// <param name="criterion">Above chance and below 0.85, which every function of the grid reaches.</param>
    public LevelEstimate Estimate(double criterion)
    {
        var levels = functions.Select(f => f.LevelOf(criterion)).ToArray();
        var mean = levels.Zip(probabilities, (level, p) => level * p).Sum();
        var variance = levels.Zip(probabilities, (level, p) => (level - mean) * (level - mean) * p).Sum();
        var order = Enumerable.Range(0, levels.Length).OrderBy(n => levels[n]).ToArray();
        return new LevelEstimate(mean, Math.Sqrt(variance + Step * Step / 12), Quantile(0.025) - Step / 2, Quantile(0.975) + Step / 2);

        double Quantile(double share)
        {
            var sum = 0.0;
            foreach (var n in order)
            {
                sum += probabilities[n];
                if (sum >= share) return levels[n];
            }
            return levels[order[^1]];
        }
    }

    /// <summary>Uncertainty about the function, in nats.</summary>
    public double Entropy => -probabilities.Sum(Term);

    /// <summary>Proportion correct to be expected at a level.</summary>
    public double ProportionCorrect(double level) => functions.Zip(probabilities, (function, p) => function.At(level) * p).Sum();

    /// <summary>
    /// Entropy of the posterior that is expected after one more answer at a level, in nats: mean over right and wrong, each as likely as the posterior
    /// says (Watson 2017, steps 1 to 5 of QUEST+).
    /// </summary>
    public double ExpectedEntropy(int level)
    {
        // H = Σ over answers of −Σ p·L·ln(p·L / Σ p·L): weighted by the answer's own probability, so that nothing has to be normalised.
        double right = 0, rightTerms = 0, wrong = 0, wrongTerms = 0;
        for (var n = 0; n < functions.Length; n++)
        {
            var correct = functions[n].At(level);
            Add(probabilities[n] * correct, ref right, ref rightTerms);
            Add(probabilities[n] * (1 - correct), ref wrong, ref wrongTerms);
        }
        return -(rightTerms - Term(right)) - (wrongTerms - Term(wrong));

        static void Add(double joint, ref double sum, ref double terms)
        {
            sum += joint;
            terms += Term(joint);
        }
    }

    private static double Term(double p) => p > 0 ? p * Math.Log(p) : 0;

    private static double LogLikelihood(PsychometricFunction function, int[,] counts)
    {
        var sum = 0.0;
        for (var level = 1; level < counts.GetLength(0); level++)
        {
            var correct = function.At(level);
            if (counts[level, 1] > 0) sum += counts[level, 1] * Math.Log(correct);
            if (counts[level, 0] > 0) sum += counts[level, 0] * Math.Log(1 - correct);
        }
        return sum;
    }
}
