namespace PerceptionStudy.Server.Participation.Adaptive;

/// <summary>
/// How recognition falls with the level: proportion correct = γ + (1 − γ − λ) / (1 + exp((level − threshold) / width)), a falling logistic between
/// the lapse rate and chance (Wichmann and Hill 2001, mirrored: here a higher level is harder).
/// </summary>
/// <param name="Threshold">Level half-way down.</param>
/// <param name="Width">Scale of the logistic in levels, above 0: the smaller, the steeper.</param>
/// <param name="Lapse">λ: proportion of wrong answers where everybody sees, 0 to below 1.</param>
/// <param name="Guess">γ: proportion correct by guessing, 1 / number of categories.</param>
public readonly record struct PsychometricFunction(double Threshold, double Width, double Lapse, double Guess)
{
    /// <summary>Proportion correct at a level.</summary>
    public double At(double level) => Guess + (1 - Guess - Lapse) / (1 + Math.Exp((level - Threshold) / Width));

    /// <summary>The level at which the proportion correct is this; NaN outside what the function reaches.</summary>
    public double LevelOf(double proportion) =>
        proportion <= Guess || proportion >= 1 - Lapse ? double.NaN : Threshold + Width * Math.Log((1 - Guess - Lapse) / (proportion - Guess) - 1);
}
