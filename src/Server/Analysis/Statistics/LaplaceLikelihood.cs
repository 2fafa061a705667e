using MathNet.Numerics;

namespace PerceptionStudy.Server.Analysis.Statistics;

/// <summary>
/// −2 log likelihood of a logistic regression with one or two crossed random intercepts, by Laplace's approximation as in lme4's glmer
/// (Bates, Mächler, Bolker and Walker 2015): −2 log p(y | û) + |û|² + log |H|, where û maximises the first two, H is their curvature there and a random
/// intercept is θ u with u standard normal. With its gradient.
/// The curvature is diagonal in each factor: the factor with more levels is eliminated, what is left is a dense matrix as large as the other factor.
/// </summary>
public sealed class LaplaceLikelihood
{
    private readonly double[][] x;
    private readonly int[] successes, trials, a, b, pair;
    private readonly (int B, int Pair)[][] pairsOfA;
    private readonly double[] eta, mean, weight, pairWeight, diagonalA;
    private readonly double logBinomials;

    // Kept from one evaluation to the next: close by, the old maximum is a good start.
    private double[] uA, uB;

    /// <param name="x">Fixed effects, [observation][effect].</param>
    /// <param name="many">Levels of the random intercept with more levels, per observation from 0.</param>
    /// <param name="few">Of the one with fewer, or null.</param>
    public LaplaceLikelihood(double[][] x, int[] successes, int[] trials, int[] many, int[]? few)
    {
        (this.x, this.successes, this.trials, a, b) = (x, successes, trials, many, few ?? new int[many.Length]);
        HasFew = few is not null;
        var keys = a.Zip(b).ToArray();
        var pairs = keys.Distinct().Index().ToDictionary(p => p.Item, p => p.Index);
        pair = [.. keys.Select(k => pairs[k])];
        uA = new double[a.Max() + 1];
        uB = new double[HasFew ? b.Max() + 1 : 0];
        pairsOfA = [.. Enumerable.Range(0, uA.Length).Select(_ => Array.Empty<(int, int)>())];
        foreach (var level in pairs.GroupBy(p => p.Key.First)) pairsOfA[level.Key] = [.. level.Select(p => (p.Key.Second, p.Value))];
        (eta, mean, weight) = (new double[x.Length], new double[x.Length], new double[x.Length]);
        (pairWeight, diagonalA) = (new double[pairs.Count], new double[uA.Length]);
        logBinomials = trials.Zip(successes, SpecialFunctions.BinomialLn).Sum();
    }

    private bool HasFew { get; }

    private int Effects => x[0].Length;

    /// <param name="parameters">Fixed effects, then θ of the factor with more levels, then θ of the other if there is one. The sign of θ does not matter.</param>
    public (double Value, double[] Gradient) Of(double[] parameters)
    {
        var (thetaA, thetaB) = (parameters[Effects], HasFew ? parameters[Effects + 1] : 0);
        var penalised = Maximise(parameters, thetaA, thetaB);
        var schur = Curvature(thetaA, thetaB);
        return (penalised - 2 * logBinomials + diagonalA.Sum(Math.Log) + schur.LogDeterminant, Gradient(thetaA, thetaB, schur));
    }

    // Newton's steps to û, halved while they do not lower −2 log p(y | u) + |u|², which is returned.
    private double Maximise(double[] parameters, double thetaA, double thetaB)
    {
        var fixedPart = new double[x.Length];
        for (var i = 0; i < x.Length; i++)
        {
            for (var k = 0; k < Effects; k++) fixedPart[i] += x[i][k] * parameters[k];
        }
        var value = Penalised(uA, uB);
        for (var iteration = 0; iteration < 200; iteration++)
        {
            double[] gradientA = [.. uA.Select(u => -u)], gradientB = [.. uB.Select(u => -u)];
            for (var i = 0; i < x.Length; i++)
            {
                var residual = successes[i] - trials[i] * mean[i];
                gradientA[a[i]] += thetaA * residual;
                if (HasFew) gradientB[b[i]] += thetaB * residual;
            }
            var (stepA, stepB) = Solve(Curvature(thetaA, thetaB), gradientA, gradientB, thetaA, thetaB);
            var decrement = gradientA.Zip(stepA, (g, s) => g * s).Sum() + gradientB.Zip(stepB, (g, s) => g * s).Sum();
            if (decrement < 1e-18) break;
            var (fromA, fromB, from) = (uA, uB, value);
            for (var length = 1.0; length > 1e-6; length /= 2)
            {
                (uA, uB) = ([.. fromA.Zip(stepA, (u, s) => u + length * s)], [.. fromB.Zip(stepB, (u, s) => u + length * s)]);
                value = Penalised(uA, uB);
                if (value <= from) break;
            }
            if (value > from)
            {
                (uA, uB) = (fromA, fromB);
                return Penalised(uA, uB);
            }
        }
        return value;

        double Penalised(double[] ofA, double[] ofB)
        {
            double logLikelihood = 0;
            for (var i = 0; i < x.Length; i++)
            {
                eta[i] = fixedPart[i] + thetaA * ofA[a[i]] + (HasFew ? thetaB * ofB[b[i]] : 0);
                mean[i] = SpecialFunctions.Logistic(eta[i]);
                weight[i] = trials[i] * mean[i] * (1 - mean[i]);
                // k η − n log(1 + e^η), without overflow.
                logLikelihood += successes[i] * eta[i] - trials[i] * (Math.Max(eta[i], 0) + double.LogP1(Math.Exp(-Math.Abs(eta[i]))));
            }
            return -2 * logLikelihood + ofA.Sum(u => u * u) + ofB.Sum(u => u * u);
        }
    }

    // H at the current weights: its diagonal for the eliminated factor, and the Cholesky factor of what is left.
    private CholeskyFactor Curvature(double thetaA, double thetaB)
    {
        Array.Clear(pairWeight);
        for (var i = 0; i < x.Length; i++) pairWeight[pair[i]] += weight[i];
        var rest = new double[uB.Length, uB.Length];
        for (var m = 0; m < uB.Length; m++) rest[m, m] = 1;
        for (var level = 0; level < uA.Length; level++)
        {
            diagonalA[level] = 1;
            foreach (var (_, p) in pairsOfA[level]) diagonalA[level] += thetaA * thetaA * pairWeight[p];
            if (!HasFew) continue;
            var share = thetaA * thetaA * thetaB * thetaB / diagonalA[level];
            foreach (var (m, p) in pairsOfA[level])
            {
                rest[m, m] += thetaB * thetaB * pairWeight[p];
                foreach (var (other, q) in pairsOfA[level])
                {
                    if (other <= m) rest[m, other] -= share * pairWeight[p] * pairWeight[q];
                }
            }
        }
        return new CholeskyFactor(rest);
    }

    private (double[] A, double[] B) Solve(CholeskyFactor rest, double[] rightA, double[] rightB, double thetaA, double thetaB)
    {
        double[] inB = [.. rightB], inA = new double[rightA.Length];
        if (HasFew)
        {
            for (var level = 0; level < rightA.Length; level++)
            {
                foreach (var (m, p) in pairsOfA[level]) inB[m] -= thetaA * thetaB * pairWeight[p] * rightA[level] / diagonalA[level];
            }
            inB = rest.Solve(inB);
        }
        for (var level = 0; level < rightA.Length; level++)
        {
            inA[level] = rightA[level];
            if (HasFew)
            {
                foreach (var (m, p) in pairsOfA[level]) inA[level] -= thetaA * thetaB * pairWeight[p] * inB[m];
            }
            inA[level] /= diagonalA[level];
        }
        return (inA, inB);
    }

    /// <summary>
    /// The explicit derivatives, those of log |H| through the weights (c: leverage times derivative of the weight), and those through û, which follow from
    /// û's own equation by one solve with H (q).
    /// </summary>
    private double[] Gradient(double thetaA, double thetaB, CholeskyFactor rest)
    {
        var inverse = rest.Inverse();
        double[] inverseA = new double[uA.Length], inverseAB = new double[pairWeight.Length];
        for (var level = 0; level < uA.Length; level++)
        {
            inverseA[level] = 1 / diagonalA[level];
            if (!HasFew) continue;
            foreach (var (m, p) in pairsOfA[level])
            {
                foreach (var (other, q) in pairsOfA[level]) inverseAB[p] -= thetaA * thetaB * pairWeight[q] * inverse[other, m] / diagonalA[level];
                inverseA[level] -= thetaA * thetaB * pairWeight[p] * inverseAB[p] / diagonalA[level];
            }
        }

        double[] c = new double[x.Length], rightA = new double[uA.Length], rightB = new double[uB.Length];
        for (var i = 0; i < x.Length; i++)
        {
            var leverage = thetaA * thetaA * inverseA[a[i]] + (HasFew ? 2 * thetaA * thetaB * inverseAB[pair[i]] + thetaB * thetaB * inverse[b[i], b[i]] : 0);
            c[i] = leverage * weight[i] * (1 - 2 * mean[i]);
            rightA[a[i]] += thetaA * c[i];
            if (HasFew) rightB[b[i]] += thetaB * c[i];
        }
        var (qA, qB) = Solve(rest, rightA, rightB, thetaA, thetaB);

        var gradient = new double[Effects + (HasFew ? 2 : 1)];
        for (var i = 0; i < x.Length; i++)
        {
            var residual = successes[i] - trials[i] * mean[i];
            var slope = -2 * residual + c[i] - weight[i] * (thetaA * qA[a[i]] + (HasFew ? thetaB * qB[b[i]] : 0));
            for (var k = 0; k < Effects; k++) gradient[k] += slope * x[i][k];
            gradient[Effects] += slope * uA[a[i]] + 2 * weight[i] * (thetaA * inverseA[a[i]] + (HasFew ? thetaB * inverseAB[pair[i]] : 0)) + qA[a[i]] * residual;
            if (HasFew) gradient[Effects + 1] += slope * uB[b[i]] + 2 * weight[i] * (thetaB * inverse[b[i], b[i]] + thetaA * inverseAB[pair[i]]) + qB[b[i]] * residual;
        }
        return gradient;
    }
}
