using System.Globalization;
using PerceptionStudy.DemoAssets.Export;
using PerceptionStudy.DemoAssets.Networks;
using PerceptionStudy.DemoAssets.Sounds;
using PerceptionStudy.Synthesis.Media;
using SkiaSharp;
using static TorchSharp.torch;

namespace PerceptionStudy.DemoAssets;

/// <summary>The commands that begin with <c>words</c>, see README.md.</summary>
public static class WordCommands
{
    private const int Seed = 20261125;
    private static readonly string[] Models = ["words-standard", "words-robust"];
    private static readonly string[] Stages = ["relu1", "relu2", "relu3", "relu4", "dense_relu", "logits"];
    private static readonly double[] Radii = [0, .5, 1, 2];

    public static int Run(string[] args)
    {
        switch (args)
        {
            case ["corpus", var corpus]: WordCorpus.Write(corpus, Seed); return 0;
            case ["train", var corpus, var target, var minutes, var rate, var epsilon, .. var start]: Train(corpus, target, Number(minutes), Number(rate), Number(epsilon), start); return 0;
            case ["evaluate", var corpus, var file]: Evaluate(corpus, file); return 0;
            case ["export", var file, var name, var target]: NetworkFiles.Export(file, Architecture.OfWords, name, target); return 0;
            case ["sounds", var words]: WordFiles.Write(words); return 0;
            case ["figures", var words]: MetamerFigures.Print(words, "sounds", "*.wav", Models, Stages); return 0;
            case ["contact-sheet", var words, var metamers, var file, .. var sounds]: Contacts(words, metamers, file, sounds); return 0;
            default:
                Console.Error.WriteLine("Use: words corpus CORPUS | train CORPUS FILE MINUTES RATE EPSILON [START] | evaluate CORPUS FILE | export FILE NAME ONNX | sounds WORDS | figures WORDS | contact-sheet WORDS METAMERS FILE SOUND...");
                return 2;
        }
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static void Train(string corpus, string target, double minutes, double rate, double epsilon, string[] start)
    {
        LabelledInputs train = LabelledInputs.Read(Path.Combine(corpus, "train")), held = LabelledInputs.Read(Path.Combine(corpus, "clean"));
        NetworkFiles.Train(
            Architecture.OfWords, start, target, new TrainingPlan(minutes, rate, epsilon), Seed, Batch, (network, radius) => Evaluation.Run(network, held.Labels, held.CopyTo, radius, 10).Correct);
        Evaluate(corpus, target);

        (Tensor Inputs, Tensor Labels) Batch(int n, Random random)
        {
            var (values, labels) = (new float[n * train.Size], new long[n]);
            for (var i = 0; i < n; i++)
            {
                var pick = random.Next(train.Count);
                labels[i] = train.Labels[pick];
                train.CopyTo(pick, values.AsSpan(i * train.Size, train.Size));
            }
            return (tensor(values, Architecture.OfWords.Batch(n)), tensor(labels));
        }
    }

    private static void Evaluate(string corpus, string file)
    {
        using var network = NetworkFiles.Read(file, Architecture.OfWords);
        foreach (var kind in new[] { "clean", "noisy" })
        {
            var held = LabelledInputs.Read(Path.Combine(corpus, kind));
            foreach (var epsilon in kind == "clean" ? Radii : [0])
            {
                var (correct, each) = Evaluation.Run(network, held.Labels, held.CopyTo, epsilon);
                Console.WriteLine($"{Path.GetFileName(file)}, {held.Count} {kind} words of held-out speakers, L2 {epsilon}: {correct:0.000}  " + string.Join(' ', Vocabulary.Words.Select((w, i) => $"{w} {each[i]:0.00}")));
            }
        }
    }

    private static void Contacts(string words, string metamers, string file, string[] sounds) => ContactSheet.Write(
        sounds, Models, Stages, name => Path.Combine(words, "sounds", name[..name.LastIndexOf('-')], name + ".wav"), (name, model, stage) => Path.Combine(metamers, model, stage, name + ".wav"),
        Spectrogram, new(120, 78), file);

    private static SKImage Spectrogram(string sound)
    {
        var picture = SoundPicture.Spectrogram(SoundFile.Read(sound));
        var rgba = new byte[picture.Width * picture.Height * 4];
        for (int p = 0, i = 0; p < rgba.Length; p += 4, i += 3) (rgba[p], rgba[p + 1], rgba[p + 2], rgba[p + 3]) = (picture.Pixels[i], picture.Pixels[i + 1], picture.Pixels[i + 2], 255);
        return SKImage.FromPixelCopy(new SKImageInfo(picture.Width, picture.Height, SKColorType.Rgba8888, SKAlphaType.Opaque), rgba);
    }
}
