namespace PerceptionStudy.ReferenceGradients.Networks;

/// <summary>Gabor filters, without mean and of unit norm, as model simple cells.</summary>
internal static class Gabor
{
    /// <returns>[orientations, channels, side, side]; a colour filter is the grey one in all channels.</returns>
    /// <param name="orientations">Number of orientations over half a turn.</param>
    /// <param name="channels">Channels of the input.</param>
    /// <param name="side">Side of the window in pixels.</param>
    /// <param name="wavelength">In pixels.</param>
    /// <param name="phase">In radians.</param>
    public static float[] Filters(int orientations, long channels, long side, double wavelength, double phase)
    {
        var filters = new List<float>();
        for (var o = 0; o < orientations; o++)
        {
            var angle = Math.PI * o / orientations;
            var filter = new double[side * side];
            for (var i = 0; i < filter.Length; i++)
            {
                double y = i / side - (side - 1) / 2.0, x = i % side - (side - 1) / 2.0;
                double along = x * Math.Cos(angle) + y * Math.Sin(angle), across = y * Math.Cos(angle) - x * Math.Sin(angle);
                var deviation = 0.4 * wavelength;
                filter[i] = Math.Exp(-(along * along + 0.5 * across * across) / (2 * deviation * deviation)) * Math.Cos(2 * Math.PI * along / wavelength + phase);
            }
            var mean = filter.Average();
            var norm = Math.Sqrt(filter.Sum(f => (f - mean) * (f - mean)) * channels);
            for (var c = 0; c < channels; c++)
                filters.AddRange(filter.Select(f => (float)((f - mean) / norm)));
        }
        return [.. filters];
    }
}
