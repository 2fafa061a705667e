using System.Text.Json;
using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Analysis.Simulation;

/// <summary>
/// How well a synthetic observer recognises: the proportion correct of each condition. In JSON:
/// <c>{"natural": 0.9, "midpoint": 0.65, "width": 0.08, "models": {"standard": {"conv1": 0.9, "logits": 0.1}}}</c>; a stage that is not named falls on the logistic.
/// </summary>
public sealed record ObserverProfile
{
    /// <summary>Proportion correct of natural stimuli, as published about .9 (Feather et al. 2023: .85 to .95).</summary>
    public double Natural { get; init; } = 0.9;

    /// <summary>Relative depth, from 0 (natural) to 1 (last stage), at which recognition is half-way down to chance.</summary>
    public double Midpoint { get; init; } = 0.65;

    /// <summary>How fast it falls there: the scale of the logistic, in relative depth; above 0.</summary>
    public double Width { get; init; } = 0.08;

    /// <summary>Proportion correct by the names of generating model and stage.</summary>
    public Dictionary<string, Dictionary<string, double>> Models { get; init; } = [];

    private static readonly JsonSerializerOptions Strict = new(JsonSerializerDefaults.Web) { UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow };

    /// <summary>
    /// Proportion correct at a stage. The default is that of a standard network in the published figures, by relative depth from 0 (natural)
    /// to 1 (last stage): near natural up to the middle, then down to chance, on a logistic with its middle at .65 and width .08.
    /// </summary>
    public double AtStage(string model, string stage, int stageIndex, int stages, double chance)
    {
        if (Models.TryGetValue(model, out var named) && named.TryGetValue(stage, out var given)) return given;
        var depth = (double)stageIndex / stages;
        return chance + (Natural - chance) / (1 + Math.Exp((depth - Midpoint) / Width));
    }

    /// <summary>
    /// Proportion correct in a condition of metamers: at its stage; cut off at a loss level it falls from there to chance in a straight line, as the loss rises to that of noise. The
    /// profile can name it as the condition is labelled, for example <c>"relu2 at loss 0.5"</c>.
    /// </summary>
    public double At(StudyCondition condition, string model, string stage, int stageIndex, int stages, double chance)
    {
        var finished = AtStage(model, stage, stageIndex, stages, chance);
        return condition.LossLevel == 0 ? finished
            : Models.TryGetValue(model, out var named) && named.TryGetValue(condition.Label(stage), out var given) ? given
            : chance + (1 - condition.LossLevel) * (finished - chance);
    }

    /// <exception cref="FormatException">Not such a JSON document, or a number that is no proportion.</exception>
    public static ObserverProfile Parse(string json)
    {
        ObserverProfile profile;
        try
        {
            profile = JsonSerializer.Deserialize<ObserverProfile>(json, Strict) ?? throw new FormatException("The profile is empty.");
        }
        catch (JsonException problem)
        {
            throw new FormatException($"The profile is not such a JSON document as {{\"natural\": 0.9, \"models\": {{\"NAME\": {{\"STAGE\": 0.5}}}}}}: {problem.Message}", problem);
        }
        return profile.Problem is { } sentence ? throw new FormatException(sentence) : profile;
    }

    /// <summary>What is wrong with it, as a sentence; null for nothing.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public string? Problem
    {
        get
        {
            foreach (var value in Models.Values.SelectMany(stages => stages.Values).Append(Natural))
            {
                if (value is not (>= 0 and <= 1)) return $"The profile holds {value}, and a proportion correct lies from 0 to 1.";
            }
            return Width is > 0 ? null : $"The profile's width is {Width}: it lies above 0.";
        }
    }
}
