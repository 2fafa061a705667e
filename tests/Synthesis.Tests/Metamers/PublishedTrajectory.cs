using System.Text.Json;
using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using PerceptionStudy.Synthesis.FrontEnds;
using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Hosting;
using PerceptionStudy.Synthesis.Media;
using PerceptionStudy.Synthesis.Metamers;
using PerceptionStudy.Synthesis.Observers;

namespace PerceptionStudy.Synthesis.Tests.Metamers;

/// <summary>
/// The first 200 steps of feather2023 on a demo network against an independent program in libtorch and float64 (tools/ReferenceGradients, Trajectory).
/// Steps of constant length cross many kinks of the rectifiers behind which the stage lies, and rounding grows from step to step: a deep stage can be
/// held only to the steps for which libtorch's own float32 run stays within 1e-4 of its float64 run. The first stage holds over all 200.
/// </summary>
public class PublishedTrajectory
{
    private static readonly string Folder = Path.Combine(Repository.Root, "tests", "Synthesis.Tests", "Metamers", "Trajectories");

    public static TheoryData<string> Stages => [.. Directory.GetFiles(Folder, "*.json").Select(f => Path.GetFileNameWithoutExtension(f)).Order(StringComparer.Ordinal)];

    [Theory, MemberData(nameof(Stages))]
    public void Steps_equal_libtorch(string stage)
    {
        var reference = JsonSerializer.Deserialize<Reference>(File.ReadAllBytes(Path.Combine(Folder, stage + ".json")), JsonSerializerOptions.Web)!;
        var models = Path.Combine(Repository.Root, "demo", "models");
        using var sessions = new ModelSessions(1);
        var model = new StimulusModel(sessions, Path.Combine(models, "standard.onnx"), PicturePipelineFile.Read(Path.Combine(models, "pipeline.json")));
        var natural = PictureFile.Read(Path.Combine(Repository.Root, "demo", "pictures", "dog", reference.Natural)).ToTensor();
        var bytes = StepSession.Build(model.Graph, model.Pipeline, stage, MetamerPreset.Named("feather2023")).ToByteArray();
        using var session = new InferenceSession(bytes);

        float[] picture = NoiseSource.Start(reference.Seed, natural.Length), target = model.Compute(natural, stage)[0];
        for (var step = 0; step < reference.ComparableSteps; step++)
        {
            var (moved, loss, norm) = Step(session, picture, target, model.Graph.Tensors[stage].Shape);
            picture = moved;
            Assert.Equal(reference.Loss[step], loss, 1e-3 * reference.Loss[step]);
            Assert.Equal(reference.GradientNorm[step], norm, 1e-3 * reference.GradientNorm[step]);
            for (var i = 0; i < reference.PixelPlaces.Length; i++)
                Assert.Equal(reference.Pixels[step * reference.PixelPlaces.Length + i], picture[reference.PixelPlaces[i]], 1e-3);
        }
        Assert.True(reference.ComparableSteps == reference.Loss.Length || stage != "relu1", "The first stage is to hold over all steps.");
    }

    // The length of every one of the first 3,000 steps is 1.
    private static (float[] Picture, float Loss, float GradientNorm) Step(InferenceSession session, float[] picture, float[] target, long[] stageShape)
    {
        using var run = new RunOptions();
        var inputs = session.InputNames.Select(name => name switch
        {
            FrontEnd.StimulusName => OrtValue.CreateTensorValueFromMemory(picture, [1, 3, 96, 96]),
            "ps_target" => OrtValue.CreateTensorValueFromMemory(target, stageShape),
            _ => OrtValue.CreateTensorValueFromMemory(new[] { 1f }, [.. session.InputMetadata[name].Dimensions.Select(d => (long)d)]),
        }).ToArray();
        using var results = session.Run(run, session.InputNames, inputs, ["ps_new_picture", "ps_loss", "ps_gradient_norm"]);
        foreach (var input in inputs)
            input.Dispose();
        return (results[0].GetTensorDataAsSpan<float>().ToArray(), results[1].GetTensorDataAsSpan<float>()[0], results[2].GetTensorDataAsSpan<float>()[0]);
    }

    private sealed record Reference(string Natural, int Seed, int ComparableSteps, double[] Loss, double[] GradientNorm, long[] PixelPlaces, double[] Pixels);
}
