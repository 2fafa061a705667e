using System.Globalization;
using PerceptionStudy.Synthesis.FrontEnds;
using PerceptionStudy.Synthesis.Hosting;
using PerceptionStudy.Synthesis.Media;
using PerceptionStudy.Synthesis.Metamers;

namespace PerceptionStudy.Synthesis.Generators;

/// <summary>
/// Controversial stimuli (Golan, Raju and Kriegeskorte 2020, PNAS 117:29330): pictures in which one model sees one category and another model another. From noise,
/// the smooth minimum of the two models' log odds for their categories is raised, −log(exp(−l₁) + exp(−l₂)); its gradient is the sum of the two models'
/// gradients, weighted by how far each lags behind. Deviations: softmax probabilities instead of fitted sigmoid readouts, and fixed Adam steps.
/// </summary>
/// <param name="sessions">Where models stay warm.</param>
/// <param name="time">Clock.</param>
public sealed class ControversialSynthesis(ModelSessions sessions, TimeProvider time)
{
    /// <summary>Adam's step in pixel units 0 to 1.</summary>
    private const double StepSize = 0.01;

    /// <summary>Log odds of both models at which it stops: a probability of 0.999, so that rounding to 8 bits does not undo it.</summary>
    private const double EnoughLogOdds = 6.9;

    private static readonly TimeSpan BetweenReports = TimeSpan.FromSeconds(0.25);

    /// <summary>Makes one, and writes the PNG and the manifest beside it.</summary>
    /// <param name="request">The two models and categories, and where to write.</param>
    /// <param name="progress">Told where it stands; the loss is 1 minus the smaller probability.</param>
    /// <param name="cancel">Stops between two steps; nothing is written then.</param>
    /// <exception cref="SynthesisException">A model or category is at fault, or the synthesis breaks down.</exception>
    public ControversialResult Make(SynthesizeControversial request, Action<SynthesisProgress> progress, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(progress);
        if (request.A.Category == request.B.Category)
            throw new SynthesisException($"Both models are to see {request.A.Category}; a controversial stimulus needs two different categories.");
        if (request.Steps < 1)
            throw new SynthesisException("A synthesis needs at least one step.");
        if (!(request.Threshold is > 0 and < 1))
            throw new SynthesisException("The threshold is a probability: above 0 and below 1.");
        var started = time.GetUtcNow();
        var begun = time.GetTimestamp();
        var (width, height) = SizeFor(request.A.Pipeline, request.B.Pipeline);
        var a = new ControversialModel(sessions, request.A, width, height, request.Provider);
        var b = new ControversialModel(sessions, request.B, width, height, request.Provider);

        var (picture, curve) = Climb(a, b, request, NoiseSource.Start(request.Seed, 3 * width * height), progress, cancel);
        PictureFile.WritePng(Picture.FromTensor(picture, width, height), request.Output);
        var saved = PictureFile.Read(request.Output);
        var (readA, readB) = (a.Read(saved), b.Read(saved));
        var reasons = Reasons(readA, "first").Concat(Reasons(readB, "second")).ToArray();
        var result = new ControversialResult(
            request.Output, curve[^1].Step, Math.Min(readA.Probability, readB.Probability), readA, readB, reasons.Length == 0, reasons, time.GetElapsedTime(begun).TotalSeconds);
        new ControversialManifest
        {
            Result = result with { Output = Path.GetFileName(result.Output) },
            ModelA = ModelUsed.Of(a.Sha256, request.A.Pipeline),
            ModelB = ModelUsed.Of(b.Sha256, request.B.Pipeline),
            ClassesA = a.Classes,
            ClassesB = b.Classes,
            Steps = request.Steps,
            Seed = request.Seed,
            Threshold = request.Threshold,
            StepSize = StepSize,
            Provider = request.Provider,
            Curve = curve,
            Made = FileMade.Of(request.Output, saved, started, time.GetUtcNow()),
        }.Write(Path.ChangeExtension(request.Output, ".json"));
        return result;

        IEnumerable<string> Reasons(ControversialReadout read, string which)
        {
            if (read.Answer.Category != read.Category && read.Answer.ClassName != read.Category && read.Answer.ClassIndex.ToString(CultureInfo.InvariantCulture) != read.Category)
                yield return $"The {which} model sees {read.Answer.Category} in the saved picture and not {read.Category}.";
            if (read.Probability < request.Threshold)
                yield return string.Create(CultureInfo.InvariantCulture, $"The {which} model gives {read.Category} a probability of {read.Probability:0.###}, below {request.Threshold:0.###}.");
        }
    }

    private (float[] Picture, ControversialPoint[] Curve) Climb(
        ControversialModel a, ControversialModel b, SynthesizeControversial request, float[] picture, Action<SynthesisProgress> progress, CancellationToken cancel)
    {
        var adam = new AdamAscent(picture.Length, StepSize);
        var curve = new List<ControversialPoint>();
        var (best, bestLogOdds) = ((float[])picture.Clone(), double.NegativeInfinity);
        var reported = time.GetTimestamp();
        for (var step = 0; ; step++)
        {
            cancel.ThrowIfCancellationRequested();
            var ((oddsA, gradientA), (oddsB, gradientB)) = (a.Evaluate(picture), b.Evaluate(picture));
            if (!float.IsFinite(oddsA) || !float.IsFinite(oddsB))
                throw new SynthesisException($"The synthesis broke down at step {step}: a model's scores are not finite numbers; check the pipelines' range, mean and std.");
            var smaller = Math.Min(oddsA, oddsB);
            if (smaller > bestLogOdds)
                (best, bestLogOdds) = ((float[])picture.Clone(), smaller);
            var done = step == request.Steps || smaller >= EnoughLogOdds;
            if (step % 10 == 0 || done)
                curve.Add(new(step, oddsA, oddsB));
            if (done)
                return (best, [.. curve]);

            // d smooth minimum / d lᵢ = exp(−lᵢ) / Σ exp(−l).
            var weightA = 1 / (1 + Math.Exp(Math.Clamp((double)oddsA - oddsB, -700, 700)));
            adam.Move(picture, gradientA, weightA, gradientB, 1 - weightA);
            if (time.GetElapsedTime(reported) >= BetweenReports)
            {
                progress(new(step + 1, request.Steps, 1 - 1 / (1 + Math.Exp(-smaller)), 0));
                reported = time.GetTimestamp();
            }
        }
    }

    // The larger of the two, so that neither model loses detail. Pictures of another size are cropped first, which only leaves squares whole.
    private static (int Width, int Height) SizeFor(PicturePipeline a, PicturePipeline b)
    {
        var (width, height) = (Math.Max(a.Width, b.Width), Math.Max(a.Height, b.Height));
        foreach (var pipeline in new[] { a, b })
            if ((pipeline.Width, pipeline.Height) != (width, height) && pipeline.Crop != "squash" && width != height)
                throw new SynthesisException($"One model takes {a.Width} x {a.Height} pixels and the other {b.Width} x {b.Height}; pictures of different sizes must be square, or both pipelines need the crop squash.");
        return (width, height);
    }
}
