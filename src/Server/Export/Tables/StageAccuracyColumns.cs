using PerceptionStudy.Server.Analysis;
using PerceptionStudy.Server.Analysis.Statistics;
using static PerceptionStudy.Server.Analysis.ColumnType;

namespace PerceptionStudy.Server.Export;

/// <summary>The form of the public matrices of Feather et al. 2023, which <c>analyze</c> reads.</summary>
public static class StageAccuracyColumns
{
    public static readonly TableSchema<StageAccuracy> Table = new("stage-accuracy",
        "One row is one participant at one stage of one generating model (natural is repeated for each model), in the form of the public matrices of Feather et al. 2023.",
    [
        new("modality", Word, null, "vision, audio", "What was shown: pictures or sounds.", null, a => a.Modality),
        new("experiment", FreeText, null, "any text", "Name of the study, after SIMULATED or PREVIEW where the participants are not people.", null, a => a.Experiment),
        new("model", FreeText, null, "any text", "Generating model.", null, a => a.Model),
        new("stage_index", Whole, null, "0 or more", "0 for natural; then the stages from input to output.", null, a => a.StageIndex),
        new("stage", FreeText, null, "any text", "Name of the stage.", null, a => a.Stage),
        new("participant", Word, null, "v1-P1, …", "Study version and participant, as in trials.csv.", null, a => a.Participant),
        new("human_proportion_correct", Number, null, "0 to 1", "Of this participant's trials in this condition.", "without such a trial", a => a.Human),
        new("network_proportion_correct", Number, null, "0 to 1", "The generating model's, on the stimuli of the same trials.", "while it has not answered", a => a.Network),
    ]);
}
