using PerceptionStudy.Server.Analysis.Statistics;
using PerceptionStudy.Server.Participation;

namespace PerceptionStudy.Server.Tests.Analysis.Statistics;

/// <summary>
/// Against lme4's textbook example: contagious bovine pleuropneumonia in 15 herds over 4 periods (the data set cbpp; Lesnoff et al. 2004),
/// <c>glmer(cbind(incidence, size − incidence) ~ period + (1 | herd), family = binomial)</c>.
/// </summary>
public sealed class LogisticMixedModelTests
{
    private static readonly int[] Herd =
    [
        1, 1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 6, 6, 6, 6, 7, 7, 7, 7, 8, 9, 9, 9, 9, 10, 10, 10, 10,
        11, 11, 11, 11, 12, 12, 12, 12, 13, 13, 13, 13, 14, 14, 14, 14, 15, 15, 15, 15,
    ];

    private static readonly int[] Period =
    [
        1, 2, 3, 4, 1, 2, 3, 1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4, 1, 1, 2, 3, 4, 1, 2, 3, 4,
        1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4, 1, 2, 3, 4,
    ];

    private static readonly int[] Incidence =
    [
        2, 3, 4, 0, 3, 1, 1, 8, 2, 0, 2, 2, 0, 2, 0, 5, 0, 0, 1, 3, 0, 0, 1, 8, 1, 3, 0, 12, 2, 0, 0, 0, 1, 1, 0, 2,
        0, 5, 3, 1, 2, 1, 0, 0, 1, 2, 0, 0, 11, 0, 0, 0, 1, 1, 1, 0,
    ];

    private static readonly int[] Size =
    [
        14, 12, 9, 5, 22, 18, 21, 22, 16, 16, 20, 10, 10, 9, 6, 18, 25, 24, 4, 17, 17, 18, 20, 16, 10, 9, 5, 34, 9, 6, 8, 6, 22, 22, 18, 22,
        25, 27, 22, 22, 10, 8, 6, 5, 21, 24, 19, 23, 19, 2, 3, 2, 19, 15, 15, 15,
    ];

    private static readonly string[] Names = ["(Intercept)", "period2", "period3", "period4"];

    private static double[][] Periods => [.. Period.Select(p => (double[])[1, p == 2 ? 1 : 0, p == 3 ? 1 : 0, p == 4 ? 1 : 0])];

    [Fact]
    public void The_textbook_example_of_lme4()
    {
        var fit = LogisticMixedModel.Fit(Names, Periods, Incidence, Size, [("herd", [.. Herd.Select(h => h - 1)])]);
        // As printed by summary(): estimate, standard error, z. lme4 stops up to 6e-4 short of the maximum (-1.3983 against -1.3985), and takes its
        // standard errors from coarse differences there, 1 % from the curvature at the maximum.
        (double Estimate, double Error, double Z)[] printed = [(-1.3983, 0.2312, -6.048), (-0.9919, 0.3032, -3.272), (-1.1282, 0.3228, -3.495), (-1.5797, 0.4220, -3.743)];
        foreach (var (ours, lme4) in fit.Fixed.Zip(printed))
        {
            Assert.Equal(lme4.Estimate, ours.Estimate, 6.5e-4);
            Assert.Equal(lme4.Error, ours.StandardError, 0.013 * lme4.Error);
            Assert.Equal(lme4.Z, ours.Z, -0.013 * lme4.Z);
        }
        // The maximum itself, as another implementation (template model builder) reports it; and there the deviance is level.
        double[] maximum = [-1.3985281, -0.9923386, -1.1286497, -1.5803225];
        foreach (var (ours, other) in fit.Fixed.Zip(maximum)) Assert.Equal(other, ours.Estimate, 5e-5);
        var gradient = new LaplaceLikelihood(Periods, Incidence, Size, [.. Herd.Select(h => h - 1)], null).Of([.. fit.Fixed.Select(e => e.Estimate), fit.Random[0].Sd]).Gradient;
        Assert.All(gradient, g => Assert.Equal(0, g, 1e-4));
        Assert.Equal(0.6421, fit.Random.Single().Sd, 4e-4);
        Assert.Equal(15, fit.Random.Single().Levels);
        Assert.Equal(194.1, fit.Aic, 0.05);
        Assert.Equal(204.2, fit.Bic, 0.05);
        Assert.Equal(184.1, fit.Deviance, 0.05);
    }

    [Fact]
    public void The_gradient_is_that_of_the_deviance()
    {
        var (x, successes, trials, persons, stimuli) = Crossed(seed: 5, people: 7, stimuliCount: 12, sdPerson: 0.7, sdStimulus: 1.1);
        foreach (var (many, few) in ((int[], int[]?)[])[(stimuli, persons), (stimuli, null)])
        {
            var likelihood = new LaplaceLikelihood(x, successes, trials, many, few);
            double[] at = few is null ? [0.4, -0.6, 0.9] : [0.4, -0.6, 0.9, 0.5];
            var gradient = likelihood.Of(at).Gradient;
            for (var k = 0; k < at.Length; k++)
            {
                const double h = 1e-5;
                double Moved(double by) => likelihood.Of([.. at.Select((v, i) => i == k ? v + by : v)]).Value;
                Assert.Equal((Moved(h) - Moved(-h)) / (2 * h), gradient[k], 1e-5);
            }
        }
    }

    [Fact]
    public void The_deviance_with_crossed_intercepts_is_that_of_the_whole_matrix()
    {
        // The same formula without any structure: all random effects in one dense matrix.
        var (x, successes, trials, persons, stimuli) = Crossed(seed: 6, people: 5, stimuliCount: 8, sdPerson: 0.7, sdStimulus: 1.1);
        double[] at = [0.3, -0.5, 1.2, 0.6];
        var value = new LaplaceLikelihood(x, successes, trials, stimuli, persons).Of(at).Value;

        int people = persons.Max() + 1, all = people + stimuli.Max() + 1;
        var z = MathNet.Numerics.LinearAlgebra.Double.DenseMatrix.Create(x.Length, all, (i, j) => j == persons[i] ? at[3] : j == people + stimuli[i] ? at[2] : 0);
        var u = new MathNet.Numerics.LinearAlgebra.Double.DenseVector(all);
        MathNet.Numerics.LinearAlgebra.Matrix<double> curvature = z;
        double[] eta = [];
        for (var iteration = 0; iteration < 50; iteration++)
        {
            eta = [.. (z * u).Select((v, i) => v + x[i][0] * at[0] + x[i][1] * at[1])];
            double[] mean = [.. eta.Select(e => 1 / (1 + Math.Exp(-e)))];
            var weights = MathNet.Numerics.LinearAlgebra.Double.DiagonalMatrix.OfDiagonal(x.Length, x.Length, mean.Select((m, i) => trials[i] * m * (1 - m)));
            curvature = z.TransposeThisAndMultiply(weights) * z + MathNet.Numerics.LinearAlgebra.Double.DiagonalMatrix.CreateIdentity(all);
            var residuals = new MathNet.Numerics.LinearAlgebra.Double.DenseVector([.. mean.Select((m, i) => successes[i] - trials[i] * m)]);
            u += (MathNet.Numerics.LinearAlgebra.Double.DenseVector)curvature.Solve(z.TransposeThisAndMultiply(residuals) - u);
        }
        var logLikelihood = eta.Select((e, i) => MathNet.Numerics.SpecialFunctions.BinomialLn(trials[i], successes[i]) + successes[i] * e - trials[i] * Math.Log(1 + Math.Exp(e))).Sum();
        Assert.Equal(-2 * logLikelihood + u.DotProduct(u) + Math.Log(curvature.Determinant()), value, 1e-8);
    }

    [Fact]
    public void What_crossed_observations_were_made_with_is_found_again()
    {
        var (x, successes, trials, persons, stimuli) = Crossed(seed: 3, people: 60, stimuliCount: 90, sdPerson: 0.8, sdStimulus: 0.5);
        var fit = LogisticMixedModel.Fit(["(Intercept)", "late"], x, successes, trials, [("person", persons), ("stimulus", stimuli)]);
        Assert.Equal(["person", "stimulus"], fit.Random.Select(r => r.Name));
        Assert.Equal(0.8, fit.Random[0].Sd, 0.2);
        Assert.Equal(0.5, fit.Random[1].Sd, 0.15);
        Assert.InRange(1.0, fit.Fixed[0].Estimate - 3 * fit.Fixed[0].StandardError, fit.Fixed[0].Estimate + 3 * fit.Fixed[0].StandardError);
        Assert.InRange(-1.5, fit.Fixed[1].Estimate - 3 * fit.Fixed[1].StandardError, fit.Fixed[1].Estimate + 3 * fit.Fixed[1].StandardError);
    }

    [Fact]
    public void Neither_the_order_of_observations_nor_of_levels_matters()
    {
        var (x, successes, trials, persons, stimuli) = Crossed(seed: 4, people: 12, stimuliCount: 15, sdPerson: 0.8, sdStimulus: 0.8);
        var one = LogisticMixedModel.Fit(["(Intercept)", "late"], x, successes, trials, [("person", persons), ("stimulus", stimuli)]);
        int[] order = new SequenceRandom(1).Shuffled(Enumerable.Range(0, x.Length));
        var other = LogisticMixedModel.Fit(["(Intercept)", "late"], [.. order.Select(i => x[i])], [.. order.Select(i => successes[i])], [.. order.Select(i => trials[i])],
            [("stimulus", [.. order.Select(i => 14 - stimuli[i])]), ("person", [.. order.Select(i => 11 - persons[i])])]);
        foreach (var (a, b) in one.Fixed.Zip(other.Fixed)) Assert.Equal(a.Estimate, b.Estimate, 1e-5);
        foreach (var random in one.Random) Assert.Equal(random.Sd, other.Random.Single(r => r.Name == random.Name).Sd, 1e-4);
        Assert.Equal(one.Deviance, other.Deviance, 1e-6);
    }

    [Fact]
    public void A_condition_that_is_always_right_is_refused_by_name_of_the_reason()
    {
        double[][] x = [.. Enumerable.Range(0, 20).Select(i => (double[])[1, i % 2])];
        int[] right = [.. Enumerable.Range(0, 20).Select(i => i % 2 == 1 || i % 4 == 0 ? 1 : 0)], one = [.. Enumerable.Repeat(1, 20)], level = [.. Enumerable.Range(0, 20).Select(i => i / 4)];
        var refused = Assert.Throws<FormatException>(() => LogisticMixedModel.Fit(["(Intercept)", "b"], x, right, one, [("person", level)]));
        Assert.Contains("always, or never, answered right", refused.Message, StringComparison.Ordinal);
    }

    // Every person answers every stimulus once, in one of two conditions: log odds 1 or −.5, plus what the person and the stimulus add.
    private static (double[][] X, int[] Successes, int[] Trials, int[] Persons, int[] Stimuli) Crossed(int seed, int people, int stimuliCount, double sdPerson, double sdStimulus)
    {
        var random = new MathNet.Numerics.Random.Xoshiro256StarStar(seed);
        double[] ofPerson = [.. Enumerable.Range(0, people).Select(_ => MathNet.Numerics.Distributions.Normal.Sample(random, 0, sdPerson))];
        double[] ofStimulus = [.. Enumerable.Range(0, stimuliCount).Select(_ => MathNet.Numerics.Distributions.Normal.Sample(random, 0, sdStimulus))];
        var trials = (from p in Enumerable.Range(0, people) from s in Enumerable.Range(0, stimuliCount) select (p, s, Late: random.Next(2))).ToList();
        int[] answers = [.. trials.Select(t => random.NextDouble() < 1 / (1 + Math.Exp(-(1 - 1.5 * t.Late + ofPerson[t.p] + ofStimulus[t.s]))) ? 1 : 0)];
        return ([.. trials.Select(t => (double[])[1, t.Late])], answers, [.. trials.Select(_ => 1)], [.. trials.Select(t => t.p)], [.. trials.Select(t => t.s)]);
    }
}
