using SkiaSharp;

namespace PerceptionStudy.DemoAssets.Pictures.Drawings;

/// <summary>Draws with the colours of one design: a body colour, a second, a dark and a light one, with or without outline.</summary>
internal sealed class Pen
{
    private readonly SKCanvas canvas;
    private readonly float outline;
    private readonly bool shaded;

    public Pen(SKCanvas canvas, Random random)
    {
        this.canvas = canvas;
        Random = random;
        var hue = random.Next(360);
        var saturation = random.Next(3) == 0 ? random.Next(0, 12) : random.Next(15, 85);
        Body = SKColor.FromHsl(hue, saturation, random.Next(22, 82));
        Second = SKColor.FromHsl((hue + random.Next(20, 340)) % 360, random.Next(5, 85), random.Next(20, 85));
        Dark = SKColor.FromHsl(random.Next(360), random.Next(0, 25), random.Next(4, 24));
        Light = SKColor.FromHsl(random.Next(360), random.Next(0, 40), random.Next(84, 99));
        outline = random.Next(3) == 0 ? Between(.8f, 3) : 0;
        shaded = random.Next(2) == 0;
    }

    public Random Random { get; }
    public SKColor Body { get; set; }
    public SKColor Second { get; set; }
    public SKColor Dark { get; }
    public SKColor Light { get; }

    public float Between(float low, float high) => low + (high - low) * Random.NextSingle();
    public bool Chance(float p) => Random.NextSingle() < p;
    public SKColor Pick(params SKColor[] colours) => colours[Random.Next(colours.Length)];

    public static SKColor Shade(SKColor colour, float factor)
    {
        byte Scale(byte value) => (byte)Math.Clamp(value * factor, 0, 255);
        return new SKColor(Scale(colour.Red), Scale(colour.Green), Scale(colour.Blue));
    }

    public void Box(float left, float top, float right, float bottom, SKColor colour, float round = 0)
    {
        using var path = new SKPathBuilder();
        path.AddRoundRect(new SKRoundRect(new SKRect(left, top, right, bottom), round));
        Fill(path, colour);
    }

    public void Oval(float x, float y, float rx, float ry, SKColor colour, float degrees = 0)
    {
        canvas.Save();
        canvas.RotateDegrees(degrees, x, y);
        using var path = new SKPathBuilder();
        path.AddOval(new SKRect(x - rx, y - ry, x + rx, y + ry));
        Fill(path, colour);
        canvas.Restore();
    }

    public void Shape(SKColor colour, params float[] xy)
    {
        using var path = new SKPathBuilder();
        path.MoveTo(xy[0], xy[1]);
        for (var i = 2; i < xy.Length; i += 2) path.LineTo(xy[i], xy[i + 1]);
        path.Close();
        Fill(path, colour);
    }

    /// <summary>A closed form through quadratic curves: start, then control and end of each.</summary>
    public void Blob(SKColor colour, params float[] xy)
    {
        using var path = new SKPathBuilder();
        path.MoveTo(xy[0], xy[1]);
        for (var i = 2; i + 3 < xy.Length; i += 4) path.QuadTo(xy[i], xy[i + 1], xy[i + 2], xy[i + 3]);
        path.Close();
        Fill(path, colour);
    }

    public void Line(SKColor colour, float width, params float[] xy)
    {
        using var path = new SKPathBuilder();
        path.MoveTo(xy[0], xy[1]);
        for (var i = 2; i < xy.Length; i += 2) path.LineTo(xy[i], xy[i + 1]);
        Stroke(path, colour, width);
    }

    public void Curve(SKColor colour, float width, float x0, float y0, float cx, float cy, float x1, float y1)
    {
        using var path = new SKPathBuilder();
        path.MoveTo(x0, y0);
        path.QuadTo(cx, cy, x1, y1);
        Stroke(path, colour, width);
    }

    public void Ring(float x, float y, float r, SKColor colour, float width)
    {
        using var path = new SKPathBuilder();
        path.AddCircle(x, y, r);
        Stroke(path, colour, width);
    }

    public void Wheel(float x, float y, float r)
    {
        Oval(x, y, r, r, Dark);
        Oval(x, y, r * Between(.4f, .65f), r * Between(.4f, .65f), Pick(Light, Second, Shade(Light, .7f)));
    }

    /// <summary>Turns what follows around a point, until the returned value is disposed.</summary>
    public IDisposable Turned(float degrees, float x = 50, float y = 50)
    {
        var restore = new SKAutoCanvasRestore(canvas);
        canvas.RotateDegrees(degrees, x, y);
        return restore;
    }

    private void Fill(SKPathBuilder builder, SKColor colour)
    {
        using var path = builder.Detach();
        using var paint = new SKPaint { IsAntialias = true, Color = colour };
        if (shaded)
        {
            var bounds = path.Bounds;
            using var shader = SKShader.CreateLinearGradient(new(bounds.Left, bounds.Top), new(bounds.Left, bounds.Bottom + .1f), [Shade(colour, 1.18f), Shade(colour, .78f)], SKShaderTileMode.Clamp);
            paint.Shader = shader;
        }
        canvas.DrawPath(path, paint);
        if (outline <= 0) return;
        using var edge = new SKPaint { IsAntialias = true, Color = Dark, Style = SKPaintStyle.Stroke, StrokeWidth = outline, StrokeJoin = SKStrokeJoin.Round };
        canvas.DrawPath(path, edge);
    }

    private void Stroke(SKPathBuilder builder, SKColor colour, float width)
    {
        using var path = builder.Detach();
        using var paint = new SKPaint { IsAntialias = true, Color = colour, Style = SKPaintStyle.Stroke, StrokeWidth = width, StrokeCap = SKStrokeCap.Round, StrokeJoin = SKStrokeJoin.Round };
        canvas.DrawPath(path, paint);
    }
}
