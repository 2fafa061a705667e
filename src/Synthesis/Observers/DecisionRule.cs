using PerceptionStudy.Synthesis.FrontEnds;
using PerceptionStudy.Synthesis.Hosting;

namespace PerceptionStudy.Synthesis.Observers;

/// <summary>How a model's outputs, one for each of its classes, become one of the study's categories.</summary>
public static class DecisionRule
{
    /// <summary>Decides.</summary>
    /// <param name="outputs">Logits or probabilities; which of the two is seen from the numbers (<see cref="AreProbabilities"/>).</param>
    /// <param name="pipeline">Categories, rule and class names. Without categories every class is a category of its own, called by its name.</param>
    /// <exception cref="SynthesisException">A category names a class that the model does not have.</exception>
    public static ModelAnswer Decide(ReadOnlySpan<float> outputs, StimulusPipeline pipeline)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        var best = Highest(outputs);
        var name = ClassName(best, pipeline);
        if (pipeline.Categories.Count == 0)
            return new(name, best, name, new Dictionary<string, float>(), Top(outputs, pipeline));
        foreach (var (category, classes) in pipeline.Categories)
            foreach (var index in classes)
                if (index < 0 || index >= outputs.Length)
                    throw new SynthesisException($"The category {category} names class {index}, but the model's last output has {outputs.Length} classes (0 to {outputs.Length - 1}).");
        foreach (var output in outputs)
            if (!float.IsFinite(output))
                throw new SynthesisException("The model's last output holds a value that is not a finite number, so it gives no answer.");
        var scores = pipeline.Decision == "mean-probability" ? MeanProbabilities(outputs, pipeline.Categories) : HighestOutputs(outputs, pipeline.Categories);
        return new(scores.Count == 0 ? "" : scores.MaxBy(s => s.Value).Key, best, name, scores, Top(outputs, pipeline));
    }

    /// <summary>Whether the outputs are probabilities already: none negative, and they sum to 1 within 0.001. Logits of a trained network never do.</summary>
    public static bool AreProbabilities(ReadOnlySpan<float> outputs)
    {
        var sum = 0d;
        foreach (var output in outputs)
        {
            if (!(output >= 0))
                return false;
            sum += output;
        }
        return Math.Abs(sum - 1) < 1e-3;
    }

    // The answer is the category that holds the highest class that any category holds (Feather et al. 2023, force_16_choice). Softmax keeps the order, so logits will do.
    private static Dictionary<string, float> HighestOutputs(ReadOnlySpan<float> outputs, Dictionary<string, int[]> categories)
    {
        var values = outputs.ToArray();
        return categories.Where(c => c.Value.Length > 0).ToDictionary(c => c.Key, c => c.Value.Max(index => values[index]));
    }

    // The answer is the category with the highest mean probability of its classes (Geirhos et al. 2021, model-vs-human).
    private static Dictionary<string, float> MeanProbabilities(ReadOnlySpan<float> outputs, Dictionary<string, int[]> categories)
    {
        var probabilities = Probabilities(outputs);
        return categories.Where(c => c.Value.Length > 0).ToDictionary(c => c.Key, c => (float)c.Value.Average(index => probabilities[index]));
    }

    private static ClassProbability[] Top(ReadOnlySpan<float> outputs, StimulusPipeline pipeline)
    {
        foreach (var output in outputs)
            if (!float.IsFinite(output))
                return [];
        return [.. Probabilities(outputs).Select((p, i) => (Index: i, Probability: p)).OrderByDescending(p => p.Probability).Take(5)
            .Select(p => new ClassProbability(p.Index, ClassName(p.Index, pipeline), p.Probability))];
    }

    /// <summary>The probability of each class: the softmax of logits, or the outputs themselves.</summary>
    internal static double[] Probabilities(ReadOnlySpan<float> outputs)
    {
        var values = new double[outputs.Length];
        var probabilities = AreProbabilities(outputs);
        double highest = outputs[Highest(outputs)], sum = 0;
        for (var i = 0; i < values.Length; i++)
            sum += values[i] = probabilities ? outputs[i] : Math.Exp(outputs[i] - highest);
        for (var i = 0; i < values.Length; i++)
            values[i] /= sum;
        return values;
    }

    private static int Highest(ReadOnlySpan<float> outputs)
    {
        var best = 0;
        for (var i = 1; i < outputs.Length; i++)
            if (outputs[i] > outputs[best])
                best = i;
        return best;
    }

    private static string ClassName(int index, StimulusPipeline pipeline) =>
        pipeline.Classes is { } names && index < names.Length ? names[index] : index.ToString(System.Globalization.CultureInfo.InvariantCulture);
}
