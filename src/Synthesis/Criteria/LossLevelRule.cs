using System.Globalization;

namespace PerceptionStudy.Synthesis.Criteria;

/// <summary>
/// Whether a stimulus whose synthesis was cut off on its way may stand for a loss level: the loss of the file as saved, divided by the loss at the start, is nearer
/// (as a ratio) to the level than half an octave. So levels that are a factor of two apart or more never share a stimulus. That such a stimulus is no finished metamer is the point of it: the
/// criteria of <see cref="SuccessRule"/> are measured and recorded, and not demanded.
/// </summary>
public static class LossLevelRule
{
    /// <summary>The largest ratio between level and loss of the saved file.</summary>
    public static readonly double MostOff = Math.Sqrt(2);

    /// <summary>Judges.</summary>
    /// <param name="level">The level that was asked for, above 0 and below 1.</param>
    /// <param name="reached">Loss of the saved file, divided by the loss at the start.</param>
    /// <returns>Why it does not stand for the level, in a sentence; empty when it does.</returns>
    public static string[] Reasons(double level, double reached) => reached >= level / MostOff && reached <= level * MostOff
        ? []
        : [string.Create(CultureInfo.InvariantCulture, $"The loss of the saved file is {reached:0.###} of that at the start, which is too far from the level {level:0.###}.")];
}
