using PerceptionStudy.Synthesis.FrontEnds;
using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Bench.Cochleagram;

/// <summary>
/// The other side: the same filters as pairs of finite impulse responses, convolved with the sound at its full rate. Each response is cut where a ten-thousandth of its
/// energy is lost, and filters go together by length, so that the short ones do not pay for the long ones.
/// </summary>
internal static class DirectCochleagram
{
    private const double LostEnergy = 1e-4;

    public static string Emit(GraphBuilder builder, string sound, CochleagramParameters parameters, int rateHz)
    {
        var samples = (int)builder.Shape(sound)[1];
        var filters = ErbFilterBank.Of(parameters, rateHz, samples);
        var responses = filters.AsParallel().AsOrdered().Select(f => Impulse(f, samples)).ToArray();
        var groups = new List<(int Half, List<int> Filters)>();
        for (var i = 0; i < filters.Length; i++)
        {
            // Lengths fall with frequency; a factor of the square root of 2 makes a group.
            if (groups.Count == 0 || responses[i].Length > groups[^1].Half || responses[i].Length < groups[^1].Half / 1.42)
                groups.Add((responses[i].Length, []));
            groups[^1].Filters.Add(i);
        }
        var input = builder.Reshape(sound, 1, 1, samples);
        string[] parts = [.. groups.Select(g => Envelopes(builder, input, [.. g.Filters.Select(i => responses[i])], g.Half))];
        var all = builder.Emit("Concat", parts, [filters.Length, 1, samples], ("axis", 0L));
        var factor = rateHz / parameters.EnvelopeRateHz;
        var taps = EnvelopeLowPass.Kernel(parameters.LowPassSamples, factor);
        var frames = parameters.Frames(rateHz, samples);
        var low = builder.Emit(
            "Conv", [all, builder.Values("low_pass", sound, [1, 1, taps.Length], taps)], [filters.Length, 1, frames],
            ("kernel_shape", new long[] { taps.Length }), ("strides", new long[] { factor }));
        return Synthesis.FrontEnds.Cochleagram.Compressed(builder, builder.Reshape(low, 1, filters.Length, frames), parameters);
    }

    private static string Envelopes(GraphBuilder builder, string input, (double Re, double Im)[][] responses, int half)
    {
        var (count, width, samples) = (responses.Length, 2 * half - 1, builder.Shape(input)[2]);
        var weights = new double[2 * count * width];
        for (var f = 0; f < count; f++)
            for (var t = 0; t < responses[f].Length; t++)
            {
                // A convolution of ONNX does not turn its weights round. A response at −t is the conjugate of that at t.
                var (re, im) = responses[f][t];
                (weights[f * width + half - 1 - t], weights[f * width + half - 1 + t]) = (re, re);
                (weights[(count + f) * width + half - 1 - t], weights[(count + f) * width + half - 1 + t]) = (im, -im);
            }
        var both = builder.Emit(
            "Conv", [input, builder.Values("responses", input, [2 * count, 1, width], weights)], [1, 2 * count, samples],
            ("kernel_shape", new long[] { width }), ("pads", new long[] { half - 1, half - 1 }));
        var parts = builder.EmitMany("Split", [both, builder.Integers("halves", count, count)], [(builder.Tensor(input).Type, [1, count, samples]), (builder.Tensor(input).Type, [1, count, samples])], ("axis", 1L));
        string Square(string part) => builder.Emit("Pow", [part, builder.Scalar(part, 2)], [1, count, samples]);
        var square = builder.Emit("Add", [Square(parts[0]), Square(parts[1])]);
        var magnitude = builder.Emit("Sqrt", [builder.Emit("Clip", [square, builder.Scalar(square, 1e-16)], [1, count, samples])]);
        return builder.Reshape(magnitude, count, 1, samples);
    }

    // Real and imaginary part of the analytic impulse response from 0 on.
    private static (double Re, double Im)[] Impulse(CochlearFilter filter, int samples)
    {
        var energy = filter.Response.Sum(g => g * g) / samples;
        var response = new List<(double, double)>();
        for (var (t, found) = (0, 0.0); found < (1 - LostEnergy) * energy && t < samples / 2; t++)
        {
            double re = 0, im = 0;
            for (var k = 0; k < filter.Response.Length; k++)
            {
                var (sin, cos) = Math.SinCos(2 * Math.PI * ((long)(filter.FirstBin + k) * t % samples) / samples);
                re += filter.Response[k] * cos / samples;
                im += filter.Response[k] * sin / samples;
            }
            response.Add((re, im));
            found += (t == 0 ? 1 : 2) * (re * re + im * im);
        }
        return [.. response];
    }
}
