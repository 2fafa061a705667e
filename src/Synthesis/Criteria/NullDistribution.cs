using System.Text.Json;
using PerceptionStudy.Synthesis.Hosting;
using PerceptionStudy.Synthesis.Media;

namespace PerceptionStudy.Synthesis.Criteria;

/// <summary>How alike the activations of two different pictures are by chance, at some stages of one model. Kept as a JSON file.</summary>
/// <param name="ModelSha256">Hash of the model file.</param>
/// <param name="PipelineSha256">Hash of how pictures became input (its front end).</param>
/// <param name="PoolSha256">Hash over the sorted hashes of the pool's files, each once.</param>
/// <param name="PoolSize">Number of different pictures in the pool.</param>
/// <param name="Seed">Seed of the crops and of what is drawn.</param>
/// <param name="Augmentation"><c>random-resized-crop</c> or <c>none</c>.</param>
/// <param name="PairsWanted">Pairs asked for; a small pool without augmentation has fewer.</param>
/// <param name="Stages">One distribution for each stage.</param>
public sealed record NullDistribution(
    string ModelSha256, string PipelineSha256, string PoolSha256, int PoolSize, int Seed, string Augmentation, int PairsWanted, StageNull[] Stages)
{
    /// <summary>The stages that a file holds already, if all else in it is as here; otherwise none.</summary>
    internal StageNull[] MeasuredBefore(string path)
    {
        try
        {
            var before = File.Exists(path) ? Read(path) : null;
            return before is not null && before with { Stages = Stages } == this ? before.Stages : [];
        }
        catch (SynthesisException)
        {
            return []; // Another program's file; it will be overwritten.
        }
    }

    /// <summary>Writes the file.</summary>
    public void Write(string path) => WholeFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(this, HostProtocol.Files));

    /// <summary>Reads a file that <see cref="Write"/> wrote.</summary>
    /// <exception cref="SynthesisException">There is no such file, or it is none of ours.</exception>
    public static NullDistribution Read(string path)
    {
        if (!File.Exists(path))
            throw new SynthesisException($"There is no file {path}; make the null distribution by 'metamer null' first.");
        try
        {
            return JsonSerializer.Deserialize<NullDistribution>(File.ReadAllBytes(path), HostProtocol.Files)!;
        }
        catch (JsonException e)
        {
            throw new SynthesisException($"{path} is not a null distribution as 'metamer null' writes it: {e.Message}", e);
        }
    }

    /// <summary>The distribution of one stage of one model.</summary>
    /// <param name="modelSha256">The model that is about to be judged.</param>
    /// <param name="pipelineSha256">Its front end.</param>
    /// <param name="tensor">The stage's tensor.</param>
    /// <exception cref="SynthesisException">The file belongs to another model or pipeline, or lacks the stage.</exception>
    public StageNull Of(string modelSha256, string pipelineSha256, string tensor)
    {
        if (modelSha256 != ModelSha256)
            throw new SynthesisException($"The null distribution belongs to another model ({ModelSha256[..12]}, not {modelSha256[..12]}); measure one for this model.");
        if (pipelineSha256 != PipelineSha256)
            throw new SynthesisException("The null distribution was measured with another pipeline; measure one with this pipeline.");
        return Stages.FirstOrDefault(s => s.Tensor == tensor)
            ?? throw new SynthesisException($"The null distribution has no stage {tensor}; it has {string.Join(", ", Stages.Select(s => s.Stage))}.");
    }
}

/// <summary>The null distribution of one stage.</summary>
/// <param name="Stage">Name of the stage.</param>
/// <param name="Tensor">Its tensor.</param>
/// <param name="Size">Number of values in an activation.</param>
/// <param name="Pairs">Number of pairs measured.</param>
/// <param name="Max">The largest value of each measure.</param>
/// <param name="Spearman">Rank correlations.</param>
/// <param name="Pearson">Product-moment correlations.</param>
/// <param name="PaperSnrDb">10·log10 of the ratio of norms.</param>
/// <param name="Seconds">Time taken, the pool's activations included.</param>
public sealed record StageNull(
    string Stage, string Tensor, long Size, int Pairs, MatchMeasures Max, Histogram Spearman, Histogram Pearson, Histogram PaperSnrDb, double Seconds)
{
    /// <summary>
    /// p of a match against this distribution, for each measure: (b + 1) / (m + 1), where b of m pairs are at least as alike (counted by bins, so never too small).
    /// With few pairs p cannot be small, however good the match is: that is what it should say.
    /// </summary>
    public MatchMeasures P(MatchMeasures match)
    {
        var ranks = Ranks(match);
        return new(ranks.Spearman / (Pairs + 1d), ranks.Pearson / (Pairs + 1d), ranks.PaperSnrDb / (Pairs + 1d));
    }

    /// <summary>The place of a match among the pairs, for each measure: 1 if it is better than all of them. Exact for the first 1,000 places, above that never too good.</summary>
    public ChanceRanks Ranks(MatchMeasures match)
    {
        ArgumentNullException.ThrowIfNull(match);
        return new(Spearman.AtLeast(match.Spearman) + 1, Pearson.AtLeast(match.Pearson) + 1, PaperSnrDb.AtLeast(match.PaperSnrDb) + 1);
    }
}

/// <summary>The place of a match among chance pairs, for each measure; 1 is above all of them.</summary>
/// <param name="Spearman">By rank correlation.</param>
/// <param name="Pearson">By product-moment correlation.</param>
/// <param name="PaperSnrDb">By signal-to-noise ratio.</param>
public sealed record ChanceRanks(int Spearman, int Pearson, int PaperSnrDb);
