using PerceptionStudy.Synthesis.FrontEnds;
using PerceptionStudy.Synthesis.Hosting;
using PerceptionStudy.Synthesis.Media;
using PerceptionStudy.Synthesis.Metamers;

namespace PerceptionStudy.Synthesis.Criteria;

/// <summary>
/// The pictures whose pairs make a null distribution: views of the pool's pictures, as many as the number of pairs asks for. Every two views of
/// different pictures are a pair, so that a million pairs need about 1,415 views and not two million; views of one picture never are.
/// </summary>
internal sealed class PoolViews : IDisposable
{
    /// <summary>Every view is a random crop, resized and perhaps mirrored (<see cref="RandomResizedCrop"/>), as in training.</summary>
    public const string Augmented = "random-resized-crop";

    /// <summary>Every picture is seen once, cropped and resized as the pipeline says.</summary>
    public const string AsTheyAre = "none";

    private readonly ScratchFile pixels;
    private readonly int[] pictures;
    private readonly int width, height;

    private PoolViews(int[] pictures, int width, int height)
    {
        (this.pictures, this.width, this.height) = (pictures, width, height);
        pixels = new(3L * width * height * pictures.Length);
    }

    /// <summary>Number of views.</summary>
    public int Count => pictures.Length;

    /// <summary>Draws, crops and keeps the views.</summary>
    /// <param name="pool">Paths of different pictures, in a fixed order.</param>
    /// <param name="pairs">Pairs wanted.</param>
    /// <param name="augmentation"><see cref="Augmented"/> or <see cref="AsTheyAre"/>.</param>
    /// <param name="pipeline">Size and crop.</param>
    /// <param name="seed">Seed of the draw and of the crops.</param>
    /// <param name="made">Told how many views are there.</param>
    /// <param name="cancel">Stops between two pictures.</param>
    public static PoolViews Prepare(string[] pool, int pairs, string augmentation, PicturePipeline pipeline, int seed, Action<int> made, CancellationToken cancel)
    {
        var random = new NoiseSource(seed);
        var perPicture = ViewsOf(pool.Length, pairs, augmentation == AsTheyAre ? 1 : int.MaxValue, random);
        var views = new PoolViews([.. perPicture.SelectMany((count, picture) => Enumerable.Repeat(picture, count))], pipeline.Width, pipeline.Height);
        try
        {
            for (int picture = 0, view = 0; picture < pool.Length; picture++)
            {
                cancel.ThrowIfCancellationRequested();
                if (perPicture[picture] == 0)
                    continue;
                var whole = PictureFile.Read(pool[picture]);
                for (var i = 0; i < perPicture[picture]; i++, view++)
                {
                    var seen = augmentation == AsTheyAre
                        ? whole.Fit(pipeline.Width, pipeline.Height, pipeline.Crop, pipeline.CropFraction)
                        : RandomResizedCrop.Of(whole, pipeline.Width, pipeline.Height, random);
                    views.pixels.Write((long)view * seen.Pixels.Length, seen.Pixels);
                }
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

    /// <summary>A view as a tensor [3,H,W], 0 to 1.</summary>
    public float[] Read(int view)
    {
        var bytes = new byte[3 * width * height];
        pixels.Read((long)view * bytes.Length, bytes);
        return new Picture(width, height, bytes).ToTensor();
    }

    /// <summary>Pairs of views of different pictures, each once.</summary>
    /// <param name="most">No more than so many.</param>
    public IEnumerable<(int First, int Second)> Pairs(int most) =>
        Enumerable.Range(0, Count).SelectMany(second => Enumerable.Range(0, second).Where(first => pictures[first] != pictures[second]), (second, first) => (first, second)).Take(most);

    public void Dispose() => pixels.Dispose();

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
