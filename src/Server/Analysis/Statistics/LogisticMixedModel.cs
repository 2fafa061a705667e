using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra;
using MathNet.Numerics.LinearAlgebra.Double;
using MathNet.Numerics.Optimization;

namespace PerceptionStudy.Server.Analysis.Statistics;

/// <summary>A fixed effect on the log-odds scale; its exponential is an odds ratio.</summary>
/// <param name="Interval">95 %, Wald's: estimate ± 1.96 SE.</param>
public sealed record FixedEffect(string Name, double Estimate, double StandardError, double Z, double P, Interval Interval);

/// <summary>A random intercept.</summary>
/// <param name="Sd">Standard deviation on the log-odds scale; 0 at the edge of what is possible.</param>
public sealed record RandomIntercept(string Name, int Levels, double Sd);

/// <summary>A generalised linear mixed model: log odds of success = fixed effects + random intercepts.</summary>
/// <param name="Deviance">−2 log likelihood by Laplace's approximation, the binomial coefficients included.</param>
public sealed record MixedModelFit(int Observations, IReadOnlyList<FixedEffect> Fixed, IReadOnlyList<RandomIntercept> Random, double Deviance)
{
    private int Parameters => Fixed.Count + Random.Count;

    public double Aic => Deviance + 2 * Parameters;

    public double Bic => Deviance + Parameters * Math.Log(Observations);
}

/// <summary>
/// Logistic regression with one or two crossed random intercepts, fitted by maximum likelihood in Laplace's approximation, as lme4's glmer does by default.
/// Standard errors come from the curvature of the deviance in all parameters.
/// </summary>
public static class LogisticMixedModel
{
    /// <param name="names">Of the fixed effects; the first column of <paramref name="x"/> is usually all 1.</param>
    /// <param name="x">[observation][fixed effect].</param>
    /// <param name="successes">Per observation, of <paramref name="trials"/>.</param>
    /// <param name="random">One or two random intercepts: a name and each observation's level, numbered from 0.</param>
    /// <exception cref="FormatException">The model cannot be estimated from these data; the message says why.</exception>
    public static MixedModelFit Fit(IReadOnlyList<string> names, double[][] x, int[] successes, int[] trials, params IReadOnlyList<(string Name, int[] Levels)> random)
    {
        if (random.Count is not (1 or 2)) throw new ArgumentException("One or two random intercepts can be fitted.", nameof(random));
        var ordered = random.OrderByDescending(r => r.Levels.Max()).ToList();
        var likelihood = new LaplaceLikelihood(x, successes, trials, ordered[0].Levels, ordered.Count == 2 ? ordered[1].Levels : null);
        var (start, scale) = WithoutRandom(x, successes, trials);
        start = [.. start, .. ordered.Select(_ => 0.5)];
        scale = [.. scale, .. ordered.Select(_ => 0.25)];

        // In units of the standard errors without random intercepts, so that all parameters are of one size.
        double[] At(Vector<double> z) => [.. start.Select((s, k) => s + z[k] * scale[k])];
        var objective = ObjectiveFunction.Gradient(z =>
        {
            var (value, gradient) = likelihood.Of(At(z));
            return (value, new DenseVector([.. gradient.Zip(scale, (g, s) => g * s)]));
        });
        double[] best;
        try
        {
            best = At(new BfgsMinimizer(1e-6, 1e-10, 1e-14, 1000).FindMinimum(objective, new DenseVector(start.Length)).MinimizingPoint);
        }
        catch (Exception problem) when (problem is OptimizationException or ArithmeticException)
        {
            throw new FormatException($"The mixed model could not be fitted, usually because some condition was always, or never, answered right: {problem.Message}", problem);
        }

        double[] deviations = [.. best[^ordered.Count..].Select(Math.Abs)];
        var errors = StandardErrors(likelihood, best, scale, names.Count, atEdge: deviations.Any(d => d < 1e-3));
        return new MixedModelFit(x.Length, [.. names.Select((name, k) => Effect(name, best[k], errors[k]))],
            [.. random.Select(r => new RandomIntercept(r.Name, r.Levels.Distinct().Count(), deviations[ordered.IndexOf(r)]))], likelihood.Of(best).Value);
    }

    private static FixedEffect Effect(string name, double estimate, double error)
    {
        var reach = Normal.InvCDF(0, 1, 0.975) * error;
        return new FixedEffect(name, estimate, error, estimate / error, 2 * Normal.CDF(0, 1, -Math.Abs(estimate / error)), new Interval(estimate - reach, estimate + reach));
    }

    // Central differences of the gradient; at the edge, where a random intercept has no variance, the fixed effects alone.
    private static double[] StandardErrors(LaplaceLikelihood likelihood, double[] best, double[] scale, int effects, bool atEdge)
    {
        var n = atEdge ? effects : best.Length;
        var curvature = new DenseMatrix(n, n);
        for (var k = 0; k < n; k++)
        {
            var h = 1e-3 * scale[k];
            double[] Moved(double by) => [.. best.Select((v, i) => i == k ? v + by : v)];
            var (up, down) = (likelihood.Of(Moved(h)).Gradient, likelihood.Of(Moved(-h)).Gradient);
            for (var i = 0; i < n; i++) curvature[i, k] = (up[i] - down[i]) / (2 * h) / 2;
        }
        var covariance = ((curvature + curvature.Transpose()) / 2).Inverse();
        return [.. Enumerable.Range(0, effects).Select(k => covariance[k, k] is var variance and > 0
            ? Math.Sqrt(variance)
            : throw new FormatException("The mixed model has no standard errors, because the data do not tell its conditions apart: leave out conditions that were always, or never, answered right."))];
    }

    // Ordinary logistic regression by iteratively reweighted least squares: where to start, and how large the parameters' errors are about.
    private static (double[] Estimates, double[] Errors) WithoutRandom(double[][] x, int[] successes, int[] trials)
    {
        var n = x[0].Length;
        var beta = new double[n];
        double[,] information = new double[n, n];
        for (var iteration = 0; iteration < 30; iteration++)
        {
            information = new double[n, n];
            var score = new double[n];
            for (var i = 0; i < x.Length; i++)
            {
                double eta = 0;
                for (var k = 0; k < n; k++) eta += x[i][k] * beta[k];
                var mean = MathNet.Numerics.SpecialFunctions.Logistic(eta);
                for (var k = 0; k < n; k++)
                {
                    score[k] += x[i][k] * (successes[i] - trials[i] * mean);
                    for (var j = 0; j <= k; j++) information[k, j] += x[i][k] * x[i][j] * trials[i] * mean * (1 - mean);
                }
            }
            double[] step;
            try
            {
                step = new CholeskyFactor((double[,])information.Clone()).Solve(score);
            }
            catch (ArithmeticException problem)
            {
                throw new FormatException("The mixed model cannot be fitted, because its conditions cannot be told apart or one was always, or never, answered right: leave that one out.", problem);
            }
            for (var k = 0; k < n; k++) beta[k] += step[k];
            if (step.All(s => Math.Abs(s) < 1e-8)) break;
            if (beta.Any(v => Math.Abs(v) > 25))
                throw new FormatException("The mixed model cannot be fitted, because some condition was always, or never, answered right: leave that one out.");
        }
        var covariance = new CholeskyFactor(information).Inverse();
        return (beta, [.. Enumerable.Range(0, n).Select(k => Math.Sqrt(covariance[k, k]))]);
    }
}
