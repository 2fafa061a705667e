using System.Text.RegularExpressions;
using PerceptionStudy.Server.Analysis.Statistics;

namespace PerceptionStudy.Server.Analysis.Imports;

/// <summary>
/// The public matrices of Feather et al. 2023: <c>participant_data_matrix</c>, participants × stages × (people, network), in files called
/// <c>VisionExperiment1_network_vs_humans_datamatrix_MODEL_public.mat</c>. The first stage is natural; the file does not name the others.
/// </summary>
internal static partial class ParticipantMatrix
{
    private const string Variable = "participant_data_matrix";

    /// <exception cref="FormatException">Another file; the message says what it lacks.</exception>
    public static IReadOnlyList<StageAccuracy> Read(byte[] file, string fileName)
    {
        var matrix = MatFile.Read(file).FirstOrDefault(a => a.Name == Variable) ?? throw new FormatException($"The file holds no array '{Variable}'.");
        if (matrix.Dimensions is not [var participants, var stages, 2]) throw new FormatException($"The array '{Variable}' is {string.Join(" × ", matrix.Dimensions)}; it has to be participants × stages × 2.");
        var name = FileName().Match(fileName);
        var (modality, experiment, model) = name.Success
            ? (name.Groups["modality"].Value == "Audio" ? "audio" : "vision", name.Groups["experiment"].Value, name.Groups["model"].Value)
            : ("vision", "1", Path.GetFileNameWithoutExtension(fileName));
        return
        [
            .. from stage in Enumerable.Range(0, stages)
               from participant in Enumerable.Range(0, participants)
               select new StageAccuracy(modality, experiment, model, stage, stage == 0 ? "natural" : $"stage {stage}", $"{participant}", Value(stage, participant, 0), Value(stage, participant, 1))
        ];

        double? Value(int stage, int participant, int observer) => matrix.Values[participant + participants * (stage + stages * observer)] switch
        {
            double.NaN => null,
            >= 0 and <= 1 and var proportion => proportion,
            var other => throw new FormatException($"Participant {participant} has {other} at stage {stage}, which is no proportion from 0 to 1."),
        };
    }

    [GeneratedRegex(@"^(?<modality>Vision|Audio)Experiment(?<experiment>\w+?)_network_vs_humans_datamatrix_(?<model>.+?)(_public)?\.mat$")]
    private static partial Regex FileName();
}
