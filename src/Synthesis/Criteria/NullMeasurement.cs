using System.Security.Cryptography;
using System.Text;
using PerceptionStudy.Synthesis.FrontEnds;
using PerceptionStudy.Synthesis.Hosting;
using PerceptionStudy.Synthesis.Media;
using PerceptionStudy.Synthesis.Observers;
using PerceptionStudy.Synthesis.Stages;

namespace PerceptionStudy.Synthesis.Criteria;

/// <summary>Measures null distributions: activations of the pool once, then pairs of them.</summary>
/// <param name="sessions">Where models stay warm.</param>
/// <param name="time">Clock.</param>
public sealed class NullMeasurement(ModelSessions sessions, TimeProvider time)
{
    /// <summary>Measures, and writes the file.</summary>
    /// <param name="request">Model, stages, pool, number of pairs, seed, file.</param>
    /// <param name="progress">Told how many of the activations and pairs are done.</param>
    /// <param name="cancel">Stops between two pictures or pairs.</param>
    /// <exception cref="SynthesisException">The pool is too small, or a picture, stage or model is at fault.</exception>
    public NullSummary Measure(MeasureNull request, Action<SynthesisProgress> progress, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(progress);
        if (request.Pool.Length < 2)
            throw new SynthesisException($"A null distribution needs at least two pictures to make pairs of; the pool has {request.Pool.Length}.");
        if (request.Pairs < 1)
            throw new SynthesisException("A null distribution needs at least one pair.");
        var model = new PictureModel(sessions, request.Model, request.Pipeline);
        var stages = request.Stages.Select(name => StageCatalog.Find(model.Graph, name)).DistinctBy(s => s.Tensor).ToArray();
        var pairs = PicturePairs.Draw(request.Pool.Length, request.Pairs, request.Seed);
        var nulls = new List<StageNull>();
        foreach (var stage in stages)
            nulls.Add(Measure(model, stage, request.Pool, pairs, done => progress(new(nulls.Count * (request.Pool.Length + pairs.Length) + done, stages.Length * (request.Pool.Length + pairs.Length), 0, 0)), cancel));
        var poolSha = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Concat(request.Pool.Select(WholeFile.Sha256)))));
        new NullDistribution(model.Graph.Sha256, PictureFrontEnd.Sha256(request.Pipeline), poolSha, request.Pool.Length, request.Seed, [.. nulls]).Write(request.Output);
        return new([.. nulls.Select(n => new StageNullSummary(n.Stage, n.Pairs, n.Max, n.Seconds))]);
    }

    private StageNull Measure(PictureModel model, Stage stage, string[] pool, (int First, int Second)[] pairs, Action<int> progress, CancellationToken cancel)
    {
        var started = time.GetTimestamp();
        var activations = new PoolActivation[pool.Length];
        for (var i = 0; i < pool.Length; i++)
        {
            cancel.ThrowIfCancellationRequested();
            activations[i] = PoolActivation.Of(model.Compute(model.Read(pool[i]).ToTensor(), stage.Tensor)[0]);
            progress(i + 1);
        }
        var measures = new MatchMeasures[pairs.Length];
        var done = pool.Length;
        Parallel.For(0, pairs.Length, new ParallelOptions { CancellationToken = cancel }, i =>
        {
            measures[i] = activations[pairs[i].First].Match(activations[pairs[i].Second]);
            Interlocked.Increment(ref done);
        });
        progress(done);
        var max = new MatchMeasures(measures.Max(m => m.Spearman), measures.Max(m => m.Pearson), measures.Max(m => m.PaperSnrDb));
        var low = Math.Floor(measures.Min(m => m.PaperSnrDb));
        return new(
            stage.Name, stage.Tensor, stage.Size, pairs.Length, max,
            Histogram.Of(measures.Select(m => m.Spearman), -1, 1),
            Histogram.Of(measures.Select(m => m.Pearson), -1, 1),
            Histogram.Of(measures.Select(m => m.PaperSnrDb), low, Math.Max(low + 1, Math.Ceiling(max.PaperSnrDb))),
            time.GetElapsedTime(started).TotalSeconds);
    }

    /// <summary>An activation with its ranks, which every pair that it belongs to needs.</summary>
    private sealed record PoolActivation(float[] Values, float[] Ranks)
    {
        public static PoolActivation Of(float[] values) => new(values, Criteria.Ranks.Of(values));

        public MatchMeasures Match(PoolActivation other) =>
            new(ActivationMatch.Pearson(Ranks, other.Ranks), ActivationMatch.Pearson(Values, other.Values), ActivationMatch.PaperSnrDb(Values, other.Values));
    }
}
