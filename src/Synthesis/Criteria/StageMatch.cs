using PerceptionStudy.Synthesis.Hosting;
using PerceptionStudy.Synthesis.Media;
using PerceptionStudy.Synthesis.Observers;
using PerceptionStudy.Synthesis.Stages;

namespace PerceptionStudy.Synthesis.Criteria;

/// <summary>How well a metamer, as saved, matches its natural picture at one stage: a line of the matrix generated-at x measured-at.</summary>
/// <param name="Stage">Name of the stage measured at.</param>
/// <param name="Tensor">Its tensor.</param>
/// <param name="Generated">Whether it is the stage that the metamer was made for.</param>
/// <param name="Spearman">Rank correlation, −1 to 1.</param>
/// <param name="Pearson">Product-moment correlation r, −1 to 1.</param>
/// <param name="SnrDb">20·log10(‖A0‖/‖A0−A‖): decibels as everyone else counts them.</param>
/// <param name="PaperSnrDb">10·log10 of the same ratio, as the paper's code computes it.</param>
/// <param name="RelativeDistance">‖A−A0‖/‖A0‖; null where the natural activation is 0 everywhere.</param>
/// <param name="Ranks">Places among the null distribution's pairs; null where the stage's is not known.</param>
public sealed record StageMatch(
    string Stage, string Tensor, bool Generated, double Spearman, double Pearson, double SnrDb, double PaperSnrDb, double? RelativeDistance, ChanceRanks? Ranks)
{
    /// <summary>Measures at the stage that a metamer was made for and at every stage that is proposed for the model, from input to output.</summary>
    /// <param name="model">The generating model.</param>
    /// <param name="generated">The stage that the metamer was made for.</param>
    /// <param name="natural">The natural stimulus, of the model's size.</param>
    /// <param name="metamer">The metamer as saved.</param>
    /// <param name="chance">Null distributions of some of the stages, or null.</param>
    public static StageMatch[] Everywhere(StimulusModel model, Stage generated, Stimulus natural, Stimulus metamer, NullDistribution? chance)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(natural);
        ArgumentNullException.ThrowIfNull(metamer);
        var stages = StageCatalog.List(model.Graph).Where(s => s.Proposed || s.Tensor == generated.Tensor).ToArray();
        string[] tensors = [.. stages.Select(s => s.Tensor)];
        var (before, after) = (model.Compute(natural.ToTensor(), tensors), model.Compute(metamer.ToTensor(), tensors));
        return [.. stages.Select((stage, i) =>
        {
            var match = ActivationMatch.Measure(before[i], after[i]);
            var distance = ActivationMatch.RelativeDistance(before[i], after[i]);
            return new StageMatch(
                stage.Name, stage.Tensor, stage.Tensor == generated.Tensor, match.Spearman, match.Pearson, 2 * match.PaperSnrDb, match.PaperSnrDb,
                double.IsFinite(distance) ? distance : null, chance?.Stages.FirstOrDefault(s => s.Tensor == stage.Tensor)?.Ranks(match));
        })];
    }
}
