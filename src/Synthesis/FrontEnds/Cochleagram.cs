using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.FrontEnds;

/// <summary>
/// The cochleagram of Feather et al. (2023; chcochleagram) as ordinary ONNX nodes: filters of <see cref="ErbFilterBank"/>, the magnitude of each analytic
/// subband, <see cref="EnvelopeLowPass"/> down to the envelope rate, and a compressive power. As there, the analytic subband has no negative frequencies and is not doubled, so that
/// its magnitude is half of the Hilbert envelope. A filter passes a short slice of the spectrum only; that slice is transformed back at a low rate of its own, which gives the
/// same magnitudes, since those do not change when the slice is moved down to 0 Hz. Filters of like width go together, and each transform is two matrix products.
/// </summary>
public static class Cochleagram
{
    // Samples of a subband for each bin of its filter, and at least for each frame. At 1 the subband itself is whole, but its magnitude, which has corners where the subband
    // comes near 0, has more bandwidth, and what lies above comes back as alias: at 3 and 8 up to 2e-3 of a cochleagram whose largest values are 0.4, here below 1e-4.
    private const double Oversampling = 20;
    private const int FewestPerFrame = 16;

    // As chcochleagram's complex_abs: smaller squared magnitudes count as this, and have no gradient.
    private const double LeastSquare = 1e-16;

    /// <summary>Emits the cochleagram.</summary>
    /// <param name="builder">The graph.</param>
    /// <param name="sound">[N, samples].</param>
    /// <param name="parameters">Filters, envelope rate and compression.</param>
    /// <param name="rateHz">Sampling rate of the sound.</param>
    /// <returns>Name of the cochleagram [N, bands, frames], low frequencies first.</returns>
    public static string Emit(GraphBuilder builder, string sound, CochleagramParameters parameters, int rateHz)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(parameters);
        var samples = (int)builder.Shape(sound)[1];
        var factor = rateHz / parameters.EnvelopeRateHz;
        var frames = parameters.Frames(rateHz, samples);
        var kernel = EnvelopeLowPass.Kernel(parameters.LowPassSamples, factor);
        var (spectrum, bins) = FourierMatrix.EmitSpectrum(builder, sound);
        string[] parts = [.. Subbands.Of(ErbFilterBank.Of(parameters, rateHz, samples), samples, factor, Oversampling, FewestPerFrame).Select(group =>
        {
            var (re, im) = group.Emit(builder, spectrum, bins);
            var square = builder.Emit("Add", [Square(builder, re), Square(builder, im)]);
            var magnitude = builder.Emit("Sqrt", [builder.Emit("Clip", [square, builder.Scalar(square, LeastSquare)], builder.Shape(square))]);
            return Downsampled(builder, magnitude, EnvelopeLowPass.At(kernel, factor, group.PerFrame, group.Length), group.PerFrame, frames);
        })];
        var count = builder.Shape(sound)[0];
        var envelopes = parts.Length == 1 ? parts[0] : builder.Emit("Concat", parts, [count, parameters.Bands, frames], ("axis", 1L));
        return Compressed(builder, envelopes, parameters);
    }

    private static string Square(GraphBuilder builder, string tensor) => builder.Emit("Pow", [tensor, builder.Scalar(tensor, 2)], builder.Shape(tensor));

    // [N, filters, length] to [N, filters, frames].
    private static string Downsampled(GraphBuilder builder, string envelope, (double[] Taps, int Before) lowPass, int perFrame, int frames)
    {
        var shape = builder.Shape(envelope);
        var (taps, before) = lowPass;
        var after = Math.Max(0, (frames - 1) * perFrame + taps.Length - before - shape[2]);
        var made = (shape[2] + before + after - taps.Length) / perFrame + 1;
        var rows = builder.Reshape(envelope, shape[0] * shape[1], 1, shape[2]);
        var low = builder.Emit(
            "Conv", [rows, builder.Values("low_pass", envelope, [1, 1, taps.Length], taps)], [shape[0] * shape[1], 1, made],
            ("kernel_shape", new long[] { taps.Length }), ("strides", new long[] { perFrame }), ("pads", new[] { before, after }));
        if (made > frames)
            low = builder.Emit("Slice", [low, builder.Integers("from", 0), builder.Integers("to", frames), builder.Integers("axes", 2)], [shape[0] * shape[1], 1, frames]);
        return builder.Reshape(low, shape[0], shape[1], frames);
    }

    /// <summary>
    /// (max(e, 0) + offset)^power. Backward as published: the slope is that of the power, at most <see cref="CochleagramParameters.SteepestSlope"/>, and the
    /// maximum with 0 (the low-pass can swing below) passes its gradient on. Written as slope·e + rest, where no gradient flows into slope and rest.
    /// </summary>
    internal static string Compressed(GraphBuilder builder, string envelope, CochleagramParameters parameters)
    {
        var still = builder.StopGradient(envelope);
        string Number(double value) => builder.Scalar(envelope, value);
        var lifted = builder.Emit("Add", [builder.Emit("Relu", [still]), Number(parameters.Offset)]);
        var steepness = builder.Emit("Mul", [builder.Emit("Pow", [lifted, Number(parameters.Power - 1)]), Number(parameters.Power)]);
        var slope = builder.Emit("Min", [steepness, Number(parameters.SteepestSlope)]);
        var rest = builder.Emit("Sub", [builder.Emit("Pow", [lifted, Number(parameters.Power)]), builder.Emit("Mul", [slope, still])]);
        return builder.Emit("Add", [builder.Emit("Mul", [slope, envelope]), rest]);
    }
}
