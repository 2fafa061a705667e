using System.Runtime.InteropServices;
using PerceptionStudy.Synthesis.FrontEnds;
using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Hosting;
using PerceptionStudy.Synthesis.Media;
using PerceptionStudy.Synthesis.Metamers;

namespace PerceptionStudy.Synthesis.Criteria;

/// <summary>
/// The pictures or sounds whose pairs make a null distribution: views of the pool's files, as many as the number of pairs asks for. Every two views of
/// different pictures are a pair, so that a million pairs need about 1,415 views and not two million; views of one picture never are.
/// </summary>
internal sealed class PoolViews : IDisposable
{
    /// <summary>Every view is a random crop, resized and perhaps mirrored (<see cref="RandomResizedCrop"/>), as in training.</summary>
    public const string Augmented = "random-resized-crop";

    /// <summary>Every view is a sound at a random place (<see cref="RandomShift"/>), as in the training of networks that recognise words.</summary>
    public const string Shifted = "random-shift";

    /// <summary>Every stimulus is seen once, as the pipeline makes it.</summary>
    public const string AsTheyAre = "none";

    private readonly ScratchFile kept;
    private readonly int[] pictures;
    private readonly StimulusPipeline pipeline;
    private readonly int bytesOfOne;

    private PoolViews(int[] pictures, StimulusPipeline pipeline)
    {
        (this.pictures, this.pipeline) = (pictures, pipeline);
        // A picture's bytes, a sound's float32 samples.
        bytesOfOne = (int)Shapes.Size(pipeline.StimulusShape) * (pipeline is PicturePipeline ? 1 : sizeof(float));
        kept = new((long)bytesOfOne * pictures.Length);
    }

    /// <summary>How stimuli of a pipeline are varied: <see cref="Augmented"/> or <see cref="Shifted"/>.</summary>
    public static string AugmentationOf(StimulusPipeline pipeline) => pipeline is SoundPipeline ? Shifted : Augmented;

    /// <summary>Number of views.</summary>
    public int Count => pictures.Length;

    /// <summary>Draws, crops and keeps the views.</summary>
    /// <param name="pool">Paths of different pictures, in a fixed order.</param>
    /// <param name="pairs">Pairs wanted.</param>
    /// <param name="augmentation"><see cref="AugmentationOf"/> the pipeline, or <see cref="AsTheyAre"/>.</param>
    /// <param name="pipeline">Size and crop.</param>
    /// <param name="seed">Seed of the draw and of the crops.</param>
    /// <param name="made">Told how many views are there.</param>
    /// <param name="cancel">Stops between two pictures.</param>
    public static PoolViews Prepare(string[] pool, int pairs, string augmentation, StimulusPipeline pipeline, int seed, Action<int> made, CancellationToken cancel)
    {
        var random = new NoiseSource(seed);
        var perPicture = ViewsOf(pool.Length, pairs, augmentation == AsTheyAre ? 1 : int.MaxValue, random);
        var views = new PoolViews([.. perPicture.SelectMany((count, picture) => Enumerable.Repeat(picture, count))], pipeline);
        try
        {
            for (int picture = 0, view = 0; picture < pool.Length; picture++)
            {
                cancel.ThrowIfCancellationRequested();
                if (perPicture[picture] == 0)
                    continue;
                foreach (var seen in augmentation == AsTheyAre ? [pipeline.Read(pool[picture])] : Varied(pool[picture], pipeline, perPicture[picture], random))
                    views.kept.Write((long)view++ * views.bytesOfOne, seen is Picture p ? p.Pixels : MemoryMarshal.AsBytes<float>(((Sound)seen).Samples));
                made(view);
            }
            return views;
        }
        catch
        {
            views.Dispose();
            throw;
        }
    }

    /// <summary>A view as a tensor: [3,H,W], 0 to 1, or [samples], −1 to 1.</summary>
    public float[] Read(int view)
    {
        var bytes = new byte[bytesOfOne];
        kept.Read((long)view * bytesOfOne, bytes);
        return pipeline is PicturePipeline of ? new Picture(of.Width, of.Height, bytes).ToTensor() : MemoryMarshal.Cast<byte, float>(bytes).ToArray();
    }

    /// <summary>Pairs of views of different pictures, each once.</summary>
    /// <param name="most">No more than so many.</param>
    public IEnumerable<(int First, int Second)> Pairs(int most) =>
        Enumerable.Range(0, Count).SelectMany(second => Enumerable.Range(0, second).Where(first => pictures[first] != pictures[second]), (second, first) => (first, second)).Take(most);

    public void Dispose() => kept.Dispose();

    private static IEnumerable<Stimulus> Varied(string file, StimulusPipeline pipeline, int count, NoiseSource random)
    {
        if (pipeline is PicturePipeline picture)
        {
            var whole = PictureFile.Read(file);
            return Enumerable.Range(0, count).Select(_ => RandomResizedCrop.Of(whole, picture.Width, picture.Height, random));
        }
        var sound = (SoundPipeline)pipeline;
        var recording = Resampler.To(SoundFile.Read(file), sound.RateHz);
        return Enumerable.Range(0, count).Select(_ => RandomShift.Of(recording, sound.Samples, SoundPipeline.Rms, Path.GetFileName(file), random));
    }

    /// <summary>How many views of each picture: as even as can be, at least two pictures, and just enough for the pairs wanted.</summary>
    internal static int[] ViewsOf(int pictures, int pairs, int mostOfOne, NoiseSource random)
    {
        // Which pictures come first, where not all do or some come once more, is drawn.
        var order = Enumerable.Range(0, pictures).ToArray();
        for (var i = 0; i < pictures; i++)
        {
            var other = i + (int)random.Below(pictures - i);
            (order[i], order[other]) = (order[other], order[i]);
        }
        var counts = new int[pictures];
        long views = 0, made = 0;
        while (made < pairs && views < (long)pictures * mostOfOne)
        {
            var picture = order[views % pictures];
            made += views - counts[picture];
            counts[picture]++;
            views++;
        }
        return counts;
    }
}
