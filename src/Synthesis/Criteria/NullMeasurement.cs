using System.Security.Cryptography;
using System.Text;
using PerceptionStudy.Synthesis.FrontEnds;
using PerceptionStudy.Synthesis.Hosting;
using PerceptionStudy.Synthesis.Media;
using PerceptionStudy.Synthesis.Observers;
using PerceptionStudy.Synthesis.Stages;

namespace PerceptionStudy.Synthesis.Criteria;

/// <summary>
/// Measures null distributions. Each view's activation and its ranks are standardised once; the measures of every pair are then entries of two Gram
/// matrices, which are summed block by block, so that memory holds one block and the matrices, whatever the size of the stage.
/// </summary>
/// <param name="sessions">Where models stay warm.</param>
/// <param name="time">Clock.</param>
public sealed class NullMeasurement(ModelSessions sessions, TimeProvider time)
{
    /// <summary>Most pairs of one distribution: their matrices fit into memory.</summary>
    public const int MostPairs = 10_000_000;

    /// <summary>Measures, and writes the file. Stages that the file holds already, measured in the same way, are kept.</summary>
    /// <param name="request">Model, stages, pool, number of pairs, augmentation, seed, file.</param>
    /// <param name="progress">Told how much of the work is done, in views.</param>
    /// <param name="cancel">Stops between two views or blocks.</param>
    /// <exception cref="SynthesisException">The pool is too small, or a picture, stage or model is at fault.</exception>
    public NullSummary Measure(MeasureNull request, Action<SynthesisProgress> progress, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(progress);
        if (request.Pairs is < 1 or > MostPairs)
            throw new SynthesisException($"A null distribution needs 1 to {MostPairs:N0} pairs, not {request.Pairs:N0}.");
        var augmented = PoolViews.AugmentationOf(request.Pipeline);
        if (request.Augmentation is { } wish && wish != augmented && wish != PoolViews.AsTheyAre)
            throw new SynthesisException($"The augmentation '{wish}' is not known; take {augmented} or {PoolViews.AsTheyAre}.");
        var augmentation = request.Augmentation ?? augmented;
        // Two copies of one picture would match perfectly, and nothing could be better than chance.
        var pool = request.Pool.Select(path => (Path: path, Sha256: WholeFile.Sha256(path))).DistinctBy(p => p.Sha256).OrderBy(p => p.Sha256, StringComparer.Ordinal).ToArray();
        if (pool.Length < 2)
            throw new SynthesisException($"A null distribution needs at least two different files to make pairs of; the pool has {pool.Length}.");

        var model = new StimulusModel(sessions, request.Model, request.Pipeline);
        var stages = request.Stages.Select(name => StageCatalog.Find(model.Graph, name)).DistinctBy(s => s.Tensor).ToArray();
        var poolSha = Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Concat(pool.Select(p => p.Sha256)))));
        var distribution = new NullDistribution(
            model.Graph.Sha256, request.Pipeline.Sha256(), poolSha, pool.Length, request.Seed, augmentation, request.Pairs, []);
        var measured = distribution.MeasuredBefore(request.Output).ToDictionary(s => s.Tensor);
        var missing = stages.Where(s => !measured.ContainsKey(s.Tensor)).ToArray();
        if (missing.Length > 0)
        {
            using var views = PoolViews.Prepare([.. pool.Select(p => p.Path)], request.Pairs, augmentation, request.Pipeline, request.Seed, done => Tell(done, done), cancel);
            for (var i = 0; i < missing.Length; i++)
            {
                var before = i + 1;
                measured[missing[i].Tensor] = Measure(model, missing[i], views, request.Pairs, request.Seed, done => Tell(before * views.Count + done, views.Count), cancel);
                // Written after each stage: an interrupted measurement goes on there.
                (distribution with { Stages = [.. measured.Values] }).Write(request.Output);
            }
        }
        return new([.. stages.Select(s => measured[s.Tensor]).Select(n => new StageNullSummary(n.Stage, n.Pairs, n.Max, n.Seconds))]);

        void Tell(int done, int views) => progress(new(done, (missing.Length + 1) * views, 0, 0));
    }

    private StageNull Measure(StimulusModel model, Stage stage, PoolViews views, int mostPairs, int seed, Action<int> progress, CancellationToken cancel)
    {
        var started = time.GetTimestamp();
        using var activations = new StandardisedActivations(views.Count, checked((int)stage.Size));
        Compute(model, stage, views, activations, progress, cancel);
        var pearson = Gram(activations, 0, cancel);
        var spearman = Gram(activations, 1, cancel);
        var pairs = PairMeasures.Of(views.Pairs(mostPairs), activations, pearson, spearman, seed);
        var max = pairs.Max();
        var low = Math.Floor(pairs.PaperSnrDb.Min());
        return new(
            stage.Name, stage.Tensor, stage.Size, pairs.Count, max,
            Histogram.Of(pairs.Spearman, -1, 1), Histogram.Of(pairs.Pearson, -1, 1),
            Histogram.Of(pairs.PaperSnrDb, low, Math.Max(low + 1, Math.Ceiling(max.PaperSnrDb))),
            time.GetElapsedTime(started).TotalSeconds);
    }

    // ONNX Runtime uses all cores for one view, sorting uses one for each: so a few views are computed, and then sorted side by side.
    private static void Compute(StimulusModel model, Stage stage, PoolViews views, StandardisedActivations activations, Action<int> progress, CancellationToken cancel)
    {
        foreach (var some in Enumerable.Range(0, views.Count).Chunk(Math.Clamp((int)(16_000_000 / stage.Size), 2, 64)))
        {
            var computed = some.Select(view =>
            {
                cancel.ThrowIfCancellationRequested();
                return model.Compute(views.Read(view), stage.Tensor)[0];
            }).ToArray();
            Parallel.For(0, some.Length, i => activations.Keep(some[i], computed[i]));
            progress(some[^1] + 1);
        }
    }

    private double[] Gram(StandardisedActivations activations, int kind, CancellationToken cancel)
    {
        using var gram = new GramMatrix(activations.Views, activations.BlockSize, sessions.Threads);
        var values = new float[activations.Views * activations.BlockSize];
        for (var block = 0; block < activations.Blocks; block++)
        {
            cancel.ThrowIfCancellationRequested();
            activations.Read(kind, block, values);
            gram.Add(values);
        }
        return gram.Values;
    }
}
