using PerceptionStudy.DemoAssets.Pictures.Drawings;
using TorchSharp;
using static TorchSharp.torch;

namespace PerceptionStudy.DemoAssets.Pictures;

/// <summary>Many scenes in memory, the oldest replaced by new ones all the time: no picture is trained on often.</summary>
public sealed class ScenePool : IDisposable
{
    public const int Bytes = 3 * Scene.Side * Scene.Side;

    private readonly Exemplar[][] training;
    private readonly byte[] pixels;
    private readonly byte[] labels;
    private readonly int seed;
    private readonly Thread renewing;
    private volatile bool stopped;
    private long drawn;
    private long taken;

    public ScenePool(IReadOnlyList<Exemplar> exemplars, int size, int seed)
    {
        this.seed = seed;
        training = [.. ExemplarList.Categories.Select(c => exemplars.Where(e => e.Category == c && !e.HeldOut).ToArray())];
        pixels = new byte[size * Bytes];
        labels = new byte[size];
        Parallel.For(0, 2, half => { using var scene = new Scene(); for (var i = half; i < size; i += 2) Draw(scene, i); });
        drawn = size;
        renewing = new Thread(Renew) { IsBackground = true, Priority = ThreadPriority.Lowest };
        renewing.Start();
    }

    public int Size => labels.Length;

    /// <summary>A batch [n, 3, 96, 96] of floats in [0, 1] and its labels.</summary>
    public (Tensor Pictures, Tensor Labels) Batch(int n, Random random)
    {
        Interlocked.Add(ref taken, n);
        var values = new float[n * Bytes];
        var classes = new long[n];
        for (var i = 0; i < n; i++)
        {
            var pick = random.Next(Size);
            classes[i] = labels[pick];
            ToPlanes(pixels.AsSpan(pick * Bytes, Bytes), values.AsSpan(i * Bytes, Bytes));
        }
        return (tensor(values, [n, 3, Scene.Side, Scene.Side]), tensor(classes));
    }

    public static void ToPlanes(ReadOnlySpan<byte> rgb, Span<float> planes)
    {
        const int plane = Scene.Side * Scene.Side;
        for (var p = 0; p < plane; p++)
            for (var c = 0; c < 3; c++)
                planes[c * plane + p] = rgb[p * 3 + c] / 255f;
    }

    // Scene number i is a function of the seed and i.
    private void Draw(Scene scene, long number)
    {
        var random = new Random(unchecked((int)(number * 2654435761 + seed) & int.MaxValue));
        var slot = (int)(number % Size);
        var category = random.Next(training.Length);
        var target = pixels.AsSpan(slot * Bytes, Bytes);
        if (random.NextSingle() < .4f) scene.Render((canvas, r) => OwnDrawings.Draw(category, canvas, r), random, target);
        else scene.Render(training[category][random.Next(training[category].Length)], random, target, train: true);
        labels[slot] = (byte)category;
    }

    private void Renew()
    {
        using var scene = new Scene();
        while (!stopped)
        {
            // One new scene for every second one used: drawing should not take the processor from training.
            if (drawn - Size < Interlocked.Read(ref taken) / 2) Draw(scene, Interlocked.Increment(ref drawn) - 1);
            else Thread.Sleep(5);
        }
    }

    public void Dispose()
    {
        stopped = true;
        renewing.Join();
    }
}
