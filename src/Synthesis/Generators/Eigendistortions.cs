using System.Globalization;
using PerceptionStudy.Synthesis.Hosting;
using PerceptionStudy.Synthesis.Media;
using PerceptionStudy.Synthesis.Observers;
using PerceptionStudy.Synthesis.Stages;

namespace PerceptionStudy.Synthesis.Generators;

/// <summary>
/// Eigendistortions (Berardino, Ballé, Laparra and Simoncelli 2017): the changes of a picture that a stage notices most and least. They are the eigenvectors of
/// F = JᵀJ with the largest and the smallest eigenvalue, where J is the stage's Jacobian at the picture; a change of length ε along an
/// eigenvector moves the stage's activation by ε√λ.
/// </summary>
/// <param name="sessions">Where models stay warm.</param>
/// <param name="time">Clock.</param>
public sealed class Eigendistortions(ModelSessions sessions, TimeProvider time)
{
    private static readonly TimeSpan BetweenReports = TimeSpan.FromSeconds(0.25);

    /// <summary>Computes both, and writes for each the direction as .npy [3,H,W] and the distorted picture as PNG, and one manifest.</summary>
    /// <param name="request">Model, picture, stage, and where to write.</param>
    /// <param name="progress">Told how many products with F are done; the loss is not used.</param>
    /// <param name="cancel">Stops between two products; nothing is written then.</param>
    /// <exception cref="SynthesisException">A file cannot be read, or nothing reaches the stage from this picture.</exception>
    public EigendistortionResult Compute(ComputeEigendistortions request, Action<SynthesisProgress> progress, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(progress);
        if (request.Iterations < 1 || !(request.Tolerance > 0) || !(request.Rms > 0 && request.Rms <= 1))
            throw new SynthesisException("Eigendistortions need at least one iteration, a tolerance above 0, and a root mean square above 0 and at most 1.");
        var started = time.GetUtcNow();
        var begun = time.GetTimestamp();
        var reported = begun;
        var model = new StimulusModel(sessions, request.Model, request.Pipeline, request.Provider);
        var stage = StageCatalog.Find(model.Graph, request.Stage);
        if (!stage.Differentiable)
            throw new SynthesisException($"No eigendistortion can be computed at the stage {stage.Name}: {stage.Reason}");
        var natural = (Picture)model.Read(request.Natural);
        var picture = natural.ToTensor();

        using var jacobian = new StageJacobian(sessions, model.Graph, request.Pipeline, stage.Tensor, picture, request.Provider);
        var most = PowerIteration.Largest(Fisher, picture.Length, request.Iterations, request.Tolerance, request.Seed, done => Report(done));
        if (!(most.Value > 0 && double.IsFinite(most.Value)))
            throw new SynthesisException($"The stage {stage.Name} does not react to small changes of {Path.GetFileName(request.Natural)}, so no distortion is more noticeable than another; take another stage or picture.");
        var least = PowerIteration.Smallest(Fisher, picture.Length, most.Value, request.Iterations, request.Tolerance, request.Seed, done => Report(request.Iterations + done));

        var activation = model.Compute(picture, stage.Tensor)[0];
        var saved = new[] { ("most", most), ("least", least) }.Select(x => Save(request, model, natural, activation, stage.Tensor, x.Item1, x.Item2)).ToArray();
        var reasons = Reasons(request, saved[0].Distortion, saved[1].Distortion).ToArray();
        var result = new EigendistortionResult(request.Natural, stage.Name, saved[0].Distortion, saved[1].Distortion, reasons.Length == 0, reasons, time.GetElapsedTime(begun).TotalSeconds);
        new EigendistortionManifest
        {
            Result = result with { Input = Path.GetFileName(result.Input), Most = Named(result.Most), Least = Named(result.Least) },
            Model = ModelUsed.Of(model.Graph.Sha256, request.Pipeline),
            Tensor = stage.Tensor,
            NaturalPixelsSha256 = natural.PixelsSha256(),
            Iterations = request.Iterations,
            Tolerance = request.Tolerance,
            Rms = request.Rms,
            Seed = request.Seed,
            Provider = request.Provider,
            Most = FileMade.Of(saved[0].Distortion.Output, saved[0].Picture, started, time.GetUtcNow()),
            Least = FileMade.Of(saved[1].Distortion.Output, saved[1].Picture, started, time.GetUtcNow()),
        }.Write(request.Output + ".json");
        return result;

        float[] Fisher(float[] v) => jacobian.TransposedTimes(jacobian.Times(v));

        void Report(int done)
        {
            cancel.ThrowIfCancellationRequested();
            if (time.GetElapsedTime(reported) < BetweenReports)
                return;
            progress(new(done, 2 * request.Iterations, 0, 0));
            reported = time.GetTimestamp();
        }

        static Eigendistortion Named(Eigendistortion distortion) => distortion with { Output = Path.GetFileName(distortion.Output), Vector = Path.GetFileName(distortion.Vector) };
    }

    private static (Eigendistortion Distortion, Picture Picture) Save(
        ComputeEigendistortions request, StimulusModel model, Picture natural, float[] activation, string tensor, string which, Eigenpair pair)
    {
        var (width, height) = (natural.Width, natural.Height);
        var (png, npy) = ($"{request.Output}-{which}.png", $"{request.Output}-{which}.npy");
        NpyFile.Write(npy, [3, height, width], pair.Vector);
        var length = request.Rms * Math.Sqrt(pair.Vector.Length);
        PictureFile.WritePng(Picture.FromTensor([.. natural.ToTensor().Zip(pair.Vector, (x, v) => (float)(x + length * v))], width, height), png);
        var saved = PictureFile.Read(png);
        var moved = model.Compute(saved.ToTensor(), tensor)[0];
        var distance = Math.Sqrt(activation.Zip(moved, (a, b) => ((double)a - b) * ((double)a - b)).Sum());
        return (new(pair.Value, pair.Iterations, pair.Residual, length * Math.Sqrt(Math.Max(0, pair.Value)), distance, png, npy), saved);
    }

    private static IEnumerable<string> Reasons(ComputeEigendistortions request, Eigendistortion most, Eigendistortion least)
    {
        foreach (var (name, distortion) in new[] { ("most", most), ("least", least) })
            if (distortion.Residual > request.Tolerance)
                yield return string.Create(CultureInfo.InvariantCulture, $"The {name} noticeable direction is still {distortion.Residual:G2} away from being an eigenvector after {distortion.Iterations} iterations; allow more.");
        if (!(most.DistanceOfSavedFile > least.DistanceOfSavedFile))
            yield return "In the saved pictures the most noticeable distortion does not move the stage more than the least noticeable one.";
    }
}
