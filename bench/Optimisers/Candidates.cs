namespace PerceptionStudy.Bench.Optimisers;

/// <summary>
/// The optimisers that were tried. Each is a sequence that does one gradient evaluation for each loss that it yields, so that the one who asks can count and stop.
/// </summary>
internal static class Candidates
{
    /// <summary>Feather et al. 2023: normalised gradient, step 1 halved after each eighth.</summary>
    public static IEnumerable<double> Published(MetamerLoss f, float[] x, int steps)
    {
        var g = new float[x.Length];
        for (var step = 0; step < steps; step++)
        {
            var loss = f.At(x, g);
            yield return loss;
            var rate = (float)(1.0 / (1 << Math.Min(7, step / Math.Max(1, steps / 8))) / (Norm(g) + 1e-10));
            for (var i = 0; i < x.Length; i++)
                x[i] = Math.Clamp(x[i] - rate * g[i], 0, 1);
        }
        yield return f.At(x, g);
    }

    /// <summary>Adam on the squared loss with a cosine to 0.</summary>
    public static IEnumerable<double> AdamCosine(MetamerLoss f, float[] x, int steps, double first = 0.02, double b1 = 0.9, double b2 = 0.99)
    {
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

    /// <summary>Momentum 0.9 on the normalised gradient, step falling along a cosine.</summary>
    public static IEnumerable<double> Momentum(MetamerLoss f, float[] x, int steps, double first = 0.3, double decay = 0.9)
    {
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

    /// <summary>L-BFGS on half the squared loss within 0 to 1.</summary>
    public static IEnumerable<double> Lbfgs(MetamerLoss f, float[] x, int memory = 10, bool gradientOnly = false, float lo = 0, float hi = 1)
    {
        var n = x.Length;
        var (g, trial, newG) = (new float[n], new float[n], new float[n]);
        var (ss, ys, rhos) = (new List<float[]>(), new List<float[]>(), new List<double>());
        var loss = f.At(x, g);
        yield return loss;
        Scale(g, loss);
        while (true)
        {
            // Pixels that stand at a limit and are pushed beyond it take no part.
            var d = new double[n];
            for (var i = 0; i < n; i++)
                d[i] = Held((x[i]-lo)/(hi-lo), g[i]) ? 0 : g[i];
            var alphas = new double[ss.Count];
            for (var k = ss.Count - 1; k >= 0; k--)
            {
                alphas[k] = rhos[k] * Dot(ss[k], d);
                for (var i = 0; i < n; i++)
                    d[i] -= alphas[k] * ys[k][i];
            }
            if (ss.Count > 0)
            {
                var gamma = 1 / (rhos[^1] * Dot(ys[^1], ys[^1]));
                for (var i = 0; i < n; i++)
                    d[i] *= gamma;
            }
            else
            {
                var size = 1 / (Norm(g) + 1e-30);
                for (var i = 0; i < n; i++)
                    d[i] *= size;
            }
            for (var k = 0; k < ss.Count; k++)
            {
                var beta = rhos[k] * Dot(ys[k], d);
                for (var i = 0; i < n; i++)
                    d[i] += ss[k][i] * (alphas[k] - beta);
            }
            double slope = 0;
            for (var i = 0; i < n; i++)
            {
                d[i] = Held((x[i]-lo)/(hi-lo), g[i]) ? 0 : -d[i];
                slope += d[i] * g[i];
            }
            if (slope >= 0)
            {
                if (ss.Count == 0)
                    yield break;
                ss.Clear();
                ys.Clear();
                rhos.Clear();
                continue;
            }
            var t = 1.0;
            var found = false;
            for (var look = 0; look < 10; look++)
            {
                for (var i = 0; i < n; i++)
                    trial[i] = (float)Math.Clamp(x[i] + t * d[i], lo, hi);
                var newLoss = f.At(trial, newG);
                yield return newLoss;
                Scale(newG, newLoss);
                double moved = 0, after = 0;
                for (var i = 0; i < n; i++)
                {
                    moved += (double)g[i] * (trial[i] - x[i]);
                    after += (double)newG[i] * (trial[i] - x[i]);
                }
                var good = gradientOnly ? after <= -0.5 * moved : newLoss * newLoss / 2 <= loss * loss / 2 + 1e-4 * moved || (look >= 2 && newLoss <= loss * 1.0001 && after <= 0);
                if (good)
                {
                    var (s, y) = (new float[n], new float[n]);
                    double sy = 0, yy = 0;
                    for (var i = 0; i < n; i++)
                    {
                        s[i] = trial[i] - x[i];
                        y[i] = newG[i] - g[i];
                        sy += (double)s[i] * y[i];
                        yy += (double)y[i] * y[i];
                    }
                    if (sy > 1e-10 * Math.Sqrt(yy) * Norm(s))
                    {
                        if (ss.Count == memory)
                        {
                            ss.RemoveAt(0);
                            ys.RemoveAt(0);
                            rhos.RemoveAt(0);
                        }
                        ss.Add(s);
                        ys.Add(y);
                        rhos.Add(1 / sy);
                    }
                    trial.CopyTo(x, 0);
                    newG.CopyTo(g, 0);
                    loss = newLoss;
                    found = true;
                    break;
                }
                t *= after < 0 ? 0.5 : Math.Clamp(-moved / (after - moved), 0.1, 0.5);
            }
            if (!found)
            {
                if (ss.Count == 0)
                    yield break;
                ss.Clear();
                ys.Clear();
                rhos.Clear();
            }
        }
    }

    private static bool Held(float x, float g) => (x <= 0 && g > 0) || (x >= 1 && g < 0);

    private static void Scale(float[] g, double by)
    {
        for (var i = 0; i < g.Length; i++)
            g[i] *= (float)by;
    }

    private static double Dot(float[] a, double[] b)
    {
        var sum = 0d;
        for (var i = 0; i < a.Length; i++)
            sum += a[i] * b[i];
        return sum;
    }

    private static double Dot(float[] a, float[] b)
    {
        var sum = 0d;
        for (var i = 0; i < a.Length; i++)
            sum += (double)a[i] * b[i];
        return sum;
    }

    private static double Norm(float[] a) => Math.Sqrt(Dot(a, a));
}
