using PerceptionStudy.Synthesis.Metamers;

namespace PerceptionStudy.Bench.Optimisers;

/// <summary>
/// The optimisers that were tried. Each is a sequence that does one gradient evaluation for each loss that it yields, so that the one who asks can count and stop.
/// </summary>
internal static class Candidates
{
    /// <summary>Adam (0.9, 0.99) on the squared loss, its step falling along a cosine from 0.02 to 0.</summary>
    public static IEnumerable<double> AdamCosine(MetamerLoss f, float[] x, int steps)
    {
        const double first = 0.02, b1 = 0.9, b2 = 0.99;
        var (g, m, v) = (new float[x.Length], new float[x.Length], new float[x.Length]);
        for (var step = 0; step < steps; step++)
        {
            var loss = f.At(x, g);
            yield return loss;
            var rate = first * 0.5 * (1 + Math.Cos(Math.PI * step / steps)) / (1 - Math.Pow(b1, step + 1));
            var unbias = 1 / (1 - Math.Pow(b2, step + 1));
            for (var i = 0; i < x.Length; i++)
            {
                var d = g[i] * loss;
                m[i] = (float)(b1 * m[i] + (1 - b1) * d);
                v[i] = (float)(b2 * v[i] + (1 - b2) * d * d);
                x[i] = (float)Math.Clamp(x[i] - rate * m[i] / (Math.Sqrt(v[i] * unbias) + 1e-12), 0, 1);
            }
        }
    }

    /// <summary>The product's own preset, as it runs it.</summary>
    public static IEnumerable<double> Product(MetamerLoss f, int seed, MetamerPreset preset, int steps)
    {
        using var session = f.Step(preset, NoiseSource.Start(seed, f.Length));
        var control = preset.Control(steps);
        for (var step = 0; step < steps && control.Ended is null; step++)
        {
            control.Ask(step, session.ScalarsOf(0));
            session.Do(toHost: true);
            control.Learn(step, session.LossOf(0).Loss, session.MeasuresOf(0));
            if (control.BeginsAnew is { } start)
                session.Put(0, NoiseSource.Start(NoiseSource.SeedOfStart(seed, start), f.Length));
            yield return session.LossOf(0).Loss;
        }
    }

    /// <summary>As plenoptic does it by default: Adam (0.01; 0.9, 0.999; amsgrad) on the mean squared error, plus 0.1 times the squared excess over the range.</summary>
    public static IEnumerable<double> AdamPlenoptic(MetamerLoss f, float[] x)
    {
        var (g, m, v, most) = (new float[x.Length], new float[x.Length], new float[x.Length], new float[x.Length]);
        for (var step = 1; ; step++)
        {
            var loss = f.At(x, g);
            yield return loss;
            // d(mean squared error) = 2 · loss · ‖A0‖² / values · d(loss)
            var scale = 2 * loss * f.Size * f.Size / f.Values;
            double unbias1 = 1 / (1 - Math.Pow(0.9, step)), unbias2 = 1 / (1 - Math.Pow(0.999, step));
            for (var i = 0; i < x.Length; i++)
            {
                var d = g[i] * scale + 0.2 * (x[i] - Math.Clamp(x[i], 0, 1));
                m[i] = (float)(0.9 * m[i] + 0.1 * d);
                v[i] = (float)(0.999 * v[i] + 0.001 * d * d);
                most[i] = Math.Max(most[i], v[i]);
                x[i] -= (float)(0.01 * m[i] * unbias1 / (Math.Sqrt(most[i] * unbias2) + 1e-8));
            }
        }
    }

    /// <summary>Momentum 0.9 on the normalised gradient, its step falling along a cosine from 0.3 to 0.</summary>
    public static IEnumerable<double> Momentum(MetamerLoss f, float[] x, int steps)
    {
        const double first = 0.3, decay = 0.9;
        var (g, m) = (new float[x.Length], new float[x.Length]);
        for (var step = 0; step < steps; step++)
        {
            yield return f.At(x, g);
            var rate = first * 0.5 * (1 + Math.Cos(Math.PI * step / steps));
            var scale = (float)(1 / (Norm(g) + 1e-10));
            for (var i = 0; i < x.Length; i++)
            {
                m[i] = (float)(decay * m[i]) + g[i] * scale;
                x[i] = Math.Clamp(x[i] - (float)rate * m[i], 0, 1);
            }
        }
    }

    /// <summary>Barzilai and Borwein's step (alternating) on the squared loss, projected.</summary>
    public static IEnumerable<double> BarzilaiBorwein(MetamerLoss f, float[] x)
    {
        var (g, before, was) = (new float[x.Length], new float[x.Length], new float[x.Length]);
        for (var step = 0; ; step++)
        {
            var loss = f.At(x, g);
            yield return loss;
            for (var i = 0; i < x.Length; i++)
                g[i] *= (float)loss;
            double rate;
            if (step == 0)
                rate = 1 / (Norm(g) + 1e-30);
            else
            {
                double ss = 0, sy = 0, yy = 0;
                for (var i = 0; i < x.Length; i++)
                {
                    double s = x[i] - was[i], y = g[i] - before[i];
                    ss += s * s;
                    sy += s * y;
                    yy += y * y;
                }
                rate = sy <= 0 ? 0.1 / (Norm(g) + 1e-30) : step % 2 == 0 ? ss / sy : sy / yy;
                rate = Math.Min(rate, 5 / (Norm(g) + 1e-30));
            }
            x.CopyTo(was, 0);
            g.CopyTo(before, 0);
            for (var i = 0; i < x.Length; i++)
                x[i] = (float)Math.Clamp(x[i] - rate * g[i], 0, 1);
        }
    }

    private static double Norm(float[] a)
    {
        var sum = 0d;
        foreach (var v in a)
            sum += (double)v * v;
        return Math.Sqrt(sum);
    }
}
