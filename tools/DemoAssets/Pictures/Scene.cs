using SkiaSharp;

namespace PerceptionStudy.DemoAssets.Pictures;

/// <summary>
/// Puts an object before a background with texture, light and shadow: 96 × 96, 8-bit RGB.
/// One scene is a pure function of the object and the random numbers.
/// </summary>
public sealed class Scene : IDisposable
{
    public const int Side = 96;
    private readonly SKSurface surface = SKSurface.Create(new SKImageInfo(Side, Side, SKColorType.Rgba8888, SKAlphaType.Premul));
    private readonly SKSurface objectSurface = SKSurface.Create(new SKImageInfo(ExemplarList.Side, ExemplarList.Side, SKColorType.Rgba8888, SKAlphaType.Premul));

    /// <summary>Renders into <paramref name="rgb"/>, [96 × 96 × 3].</summary>
    public void Render(Exemplar exemplar, Random random, Span<byte> rgb, bool train)
    {
        using var recoloured = Recolour(exemplar, random, train);
        Compose(recoloured, random, rgb, train);
    }

    /// <summary>The same for a drawing of our own.</summary>
    public void Render(Action<SKCanvas, Random> draw, Random random, Span<byte> rgb)
    {
        objectSurface.Canvas.Clear();
        objectSurface.Canvas.Save();
        objectSurface.Canvas.Scale(ExemplarList.Side / 100f);
        draw(objectSurface.Canvas, random);
        objectSurface.Canvas.Restore();
        using var image = objectSurface.Snapshot();
        Compose(image, random, rgb, train: true);
    }

    private void Compose(SKImage thing, Random random, Span<byte> rgb, bool train)
    {
        var canvas = surface.Canvas;
        Background(canvas, random);
        var size = Side * Between(random, train ? .62f : .74f, train ? 1f : .95f);
        var slack = (Side - size) / 2;
        canvas.Save();
        canvas.Translate(Side / 2f + Between(random, -slack, slack), Side / 2f + Between(random, -slack, slack));
        canvas.RotateDegrees(Between(random, -12, 12) * (train ? 1.6f : 1));
        canvas.Skew(Between(random, -.12f, .12f), Between(random, -.06f, .06f));
        canvas.Scale((random.Next(2) == 0 ? -1 : 1) * Between(random, .88f, 1.1f), Between(random, .88f, 1.1f));
        using (var paint = new SKPaint())
        {
            paint.ImageFilter = SKImageFilter.CreateDropShadow(Between(random, -3, 3), Between(random, 1, 4), 2.2f, 2.2f, new SKColor(0, 0, 0, (byte)random.Next(60, 130)));
            canvas.DrawImage(thing, SKRect.Create(-size / 2, -size / 2, size, size), new SKSamplingOptions(SKFilterMode.Linear, SKMipmapMode.Linear), paint);
        }
        canvas.Restore();
        Light(canvas, random);
        using var pixels = surface.PeekPixels();
        var source = pixels.GetPixelSpan<byte>();
        var noise = Between(random, 0, train ? 7 : 4);
        for (int i = 0, o = 0; i < source.Length; i += 4, o += 3)
            for (var c = 0; c < 3; c++)
                rgb[o + c] = (byte)Math.Clamp(source[i + c] + noise * (random.NextSingle() + random.NextSingle() - 1), 0, 255);
    }

    private static void Background(SKCanvas canvas, Random random)
    {
        var hue = random.Next(360);
        var a = SKColor.FromHsl(hue, random.Next(5, 65), random.Next(22, 88));
        var b = SKColor.FromHsl((hue + random.Next(-60, 60) + 360) % 360, random.Next(5, 65), random.Next(22, 88));
        using var paint = new SKPaint();
        using var gradient = SKShader.CreateLinearGradient(new(random.Next(Side), 0), new(random.Next(Side), Side), [a, b], [Between(random, 0, .5f), Between(random, .55f, 1)], SKShaderTileMode.Clamp);
        paint.Shader = gradient;
        canvas.DrawPaint(paint);
        // Texture: fractal noise from large clouds to fine grain.
        var frequency = MathF.Pow(10, Between(random, -2f, -.5f));
        using var clouds = SKShader.CreatePerlinNoiseFractalNoise(frequency, frequency * Between(random, .4f, 2.2f), random.Next(1, 4), random.Next(10000));
        using var texture = new SKPaint { Shader = clouds, BlendMode = random.Next(2) == 0 ? SKBlendMode.SoftLight : SKBlendMode.Overlay, Color = new SKColor(255, 255, 255, (byte)random.Next(40, 220)) };
        canvas.DrawPaint(texture);
        // Things that are not the object: a horizon or blurred blobs.
        for (var blob = random.Next(4); blob > 0; blob--)
        {
            using var shape = new SKPaint { Color = SKColor.FromHsl(random.Next(360), random.Next(5, 60), random.Next(20, 85)).WithAlpha((byte)random.Next(50, 200)), IsAntialias = true };
            using var blur = SKMaskFilter.CreateBlur(SKBlurStyle.Normal, Between(random, .5f, 8));
            shape.MaskFilter = blur;
            if (random.Next(3) == 0) canvas.DrawRect(0, random.Next(Side / 2, Side), Side, Side, shape);
            else canvas.DrawOval(random.Next(Side), random.Next(Side), Between(random, 4, 30), Between(random, 4, 30), shape);
        }
    }

    private static void Light(SKCanvas canvas, Random random)
    {
        using var light = new SKPaint { BlendMode = SKBlendMode.SoftLight };
        byte strength = (byte)random.Next(0, 130);
        using var shader = SKShader.CreateLinearGradient(new(random.Next(Side), random.Next(Side)), new(random.Next(Side), random.Next(Side)),
            [SKColors.White.WithAlpha(strength), SKColors.Black.WithAlpha(strength)], SKShaderTileMode.Clamp);
        light.Shader = shader;
        canvas.DrawPaint(light);
    }

    // Outlines get a colour or two; coloured icons are turned in hue and brightness when training, so that colour is no sure cue.
    private SKImage Recolour(Exemplar exemplar, Random random, bool train)
    {
        var canvas = objectSurface.Canvas;
        canvas.Clear();
        if (exemplar.Coloured)
        {
            using var paint = new SKPaint();
            if (train && random.Next(4) != 0) paint.ColorFilter = HueTurn(Between(random, -1, 1) * Between(random, 0, 180), Between(random, .3f, 1.3f), Between(random, .75f, 1.2f));
            canvas.DrawImage(exemplar.Image, 0, 0, SKSamplingOptions.Default, paint);
        }
        else
        {
            canvas.DrawImage(exemplar.Image, 0, 0, SKSamplingOptions.Default);
            var hue = random.Next(360);
            using var fill = new SKPaint { BlendMode = SKBlendMode.SrcIn };
            using var shader = SKShader.CreateLinearGradient(new(random.Next(128), 0), new(random.Next(128), 128),
                [SKColor.FromHsl(hue, random.Next(0, 90), random.Next(5, 92)), SKColor.FromHsl((hue + random.Next(60)) % 360, random.Next(0, 90), random.Next(5, 92))], SKShaderTileMode.Clamp);
            fill.Shader = shader;
            canvas.DrawPaint(fill);
        }
        return objectSurface.Snapshot();
    }

    /// <summary>Turns hue by degrees around the grey axis, scales saturation and brightness.</summary>
    private static SKColorFilter HueTurn(float degrees, float saturation, float brightness)
    {
        var (sin, cos) = MathF.SinCos(degrees * MathF.PI / 180);
        float third = 1 / 3f, root = MathF.Sqrt(third);
        float same = cos + third * (1 - cos), next = third * (1 - cos) - root * sin, last = third * (1 - cos) + root * sin;
        float[] turn = [same, next, last, last, same, next, next, last, same];
        var matrix = new float[20];
        for (var row = 0; row < 3; row++)
            for (var column = 0; column < 3; column++)
                matrix[row * 5 + column] = brightness * (saturation * turn[row * 3 + column] + (1 - saturation) * third);
        matrix[18] = 1;
        return SKColorFilter.CreateColorMatrix(matrix);
    }

    internal static float Between(Random random, float low, float high) => low + (high - low) * random.NextSingle();

    public void Dispose()
    {
        surface.Dispose();
        objectSurface.Dispose();
    }
}
