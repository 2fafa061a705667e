using SkiaSharp;

namespace PerceptionStudy.DemoAssets.Pictures.Drawings;

/// <summary>Faces and bodies of bears, birds, cats, dogs and elephants, another one each time. Canvas 100 × 100.</summary>
internal static class Animals
{
    private static SKColor Fur(Pen pen) => pen.Random.Next(4) switch
    {
        0 => SKColor.FromHsl(pen.Between(20, 38), pen.Between(30, 75), pen.Between(25, 70)),
        1 => SKColor.FromHsl(pen.Between(0, 360), pen.Between(0, 12), pen.Between(15, 90)),
        _ => pen.Body,
    };

    private static void Eyes(Pen pen, float x, float y, float apart, float size)
    {
        var white = pen.Chance(.4f);
        var iris = pen.Pick(pen.Dark, pen.Dark, SKColor.FromHsl(pen.Between(60, 140), 70, 35));
        foreach (var side in new[] { -1, 1 })
        {
            if (white) pen.Oval(x + side * apart, y, size * 1.6f, size * 1.6f, pen.Light);
            pen.Oval(x + side * apart, y, size, size * pen.Between(.9f, 1.3f), iris);
        }
    }

    public static void Bear(Pen pen)
    {
        var fur = Fur(pen);
        float r = pen.Between(30, 38), ear = pen.Between(9, 14), cy = pen.Between(50, 56);
        var panda = pen.Chance(.25f);
        var inside = pen.Pick(pen.Second, Pen.Shade(fur, .65f), Pen.Shade(fur, 1.4f));
        if (panda) fur = pen.Light;
        if (pen.Chance(.3f)) // body on all fours or sitting
        {
            if (pen.Chance(.5f))
            {
                pen.Oval(50, 72, 25, 24, fur);
                foreach (var side in new[] { -1, 1 }) { pen.Oval(50 + side * 20, 90, 9, 7, panda ? pen.Dark : fur); pen.Oval(50 + side * 24, 66, 7, 13, panda ? pen.Dark : fur, side * -25); }
                (r, cy, ear) = (22, 34, 8);
            }
            else
            {
                foreach (var x in new[] { 20f, 38f, 58f, 74f }) pen.Box(x - 7, 60, x + 6, 92, panda ? pen.Dark : Pen.Shade(fur, .9f), 5);
                pen.Oval(46, 54, 38, 21, fur);
                pen.Oval(78, 40, 15, 14, fur);
                pen.Oval(91, 45, 8, 6, inside);
                pen.Oval(97, 42, 2.5f, 2, pen.Dark);
                pen.Oval(71, 27, 5, 5, panda ? pen.Dark : fur);
                pen.Oval(82, 36, 1.8f, 1.8f, pen.Dark);
                return;
            }
        }
        foreach (var side in new[] { -1, 1 })
        {
            pen.Oval(50 + side * r * .75f, cy - r * .78f, ear, ear, panda ? pen.Dark : fur);
            if (!panda) pen.Oval(50 + side * r * .75f, cy - r * .78f, ear * .55f, ear * .55f, inside);
        }
        pen.Oval(50, cy, r * pen.Between(1f, 1.15f), r, fur);
        if (panda) foreach (var side in new[] { -1, 1 }) pen.Oval(50 + side * r * .42f, cy - r * .08f, r * .22f, r * .28f, pen.Dark, side * 25);
        pen.Oval(50, cy + r * .38f, r * pen.Between(.38f, .5f), r * pen.Between(.3f, .4f), panda ? Pen.Shade(pen.Light, .92f) : inside);
        pen.Oval(50, cy + r * .24f, r * .16f, r * .11f, pen.Dark);
        if (pen.Chance(.7f)) pen.Line(pen.Dark, 1.6f, 50, cy + r * .3f, 50, cy + r * .48f);
        Eyes(pen, 50, cy - r * .1f, r * .4f, panda ? 2 : pen.Between(2.4f, 4));
    }

    public static void Bird(Pen pen)
    {
        var beak = pen.Pick(SKColor.FromHsl(pen.Between(25, 50), 90, 55), pen.Dark, pen.Second);
        float bx = pen.Between(44, 52), by = pen.Between(56, 64), rx = pen.Between(22, 32), ry = pen.Between(15, 22), tilt = pen.Between(-35, -5), hx = pen.Between(68, 78), hy = pen.Between(26, 38), hr = pen.Between(11, 16);
        if (pen.Chance(.55f))
        {
            pen.Line(beak, 2.2f, bx - 4, by + ry - 3, bx - 5, 94, bx - 11, 96);
            pen.Line(beak, 2.2f, bx + 8, by + ry - 3, bx + 8, 94, bx + 2, 96);
        }
        pen.Shape(pen.Pick(pen.Second, pen.Body), bx - rx * .7f, by - 4, 2 + pen.Between(0, 8), by + pen.Between(0, 20), 8, by + pen.Between(14, 28), bx - rx * .4f, by + 8);
        pen.Shape(pen.Body, hx - hr, hy, hx + hr * .9f, hy + 3, bx + rx * .8f, by + 4, bx, by - ry);
        pen.Oval(bx, by, rx, ry, pen.Body, tilt);
        if (pen.Chance(.6f)) pen.Oval(bx + 6, by + 5, rx * .6f, ry * .6f, pen.Pick(pen.Light, pen.Second), tilt);
        pen.Shape(beak, hx + hr * .7f, hy - pen.Between(3, 6), Math.Min(99, hx + hr + pen.Between(8, 16)), hy + pen.Between(-1, 5), hx + hr * .7f, hy + pen.Between(4, 7));
        pen.Oval(hx, hy, hr, hr, pen.Body);
        var wing = pen.Pick(pen.Second, Pen.Shade(pen.Body, .7f));
        if (pen.Chance(.3f)) pen.Shape(wing, bx + 8, by - 4, bx - pen.Between(0, 22), pen.Between(6, 20), bx - 18, by);
        else pen.Blob(wing, bx + rx * .4f, by - 4, bx, by - ry * .9f, bx - rx * .9f, by + pen.Between(0, 12), bx, by + ry * .9f, bx + rx * .4f, by - 4);
        if (pen.Chance(.2f)) pen.Shape(pen.Second, hx - 5, hy - hr + 2, hx - 8, hy - hr - 9, hx + 2, hy - hr + 1);
        pen.Oval(hx + hr * .25f, hy - 2, 2.6f, 2.6f, pen.Light);
        pen.Oval(hx + hr * .3f, hy - 2, 1.9f, 1.9f, pen.Dark);
    }

    public static void Cat(Pen pen)
    {
        var fur = Fur(pen);
        float r = pen.Between(29, 37), cy = pen.Between(54, 60), point = pen.Between(.15f, .5f);
        var pink = SKColor.FromHsl(pen.Between(340, 360), pen.Between(30, 80), pen.Between(60, 80));
        if (pen.Chance(.3f)) // sitting
        {
            pen.Curve(fur, 6, 66, 90, 96, 92, pen.Between(82, 92), pen.Between(50, 66));
            pen.Blob(fur, 34, 94, 28, 60, 44, 48, 56, 44, 64, 54, 74, 76, 70, 94, 50, 97, 34, 94);
            if (pen.Chance(.5f)) pen.Oval(50, 70, 8, 14, pen.Light);
            (r, cy) = (20, 32);
        }
        foreach (var side in new[] { -1, 1 })
        {
            float inner = 50 + side * r * .25f, outer = 50 + side * r * 1.02f, tipX = 50 + side * r * pen.Between(.75f, 1f), tipY = cy - r * (1.15f + point);
            pen.Shape(fur, inner, cy - r * .8f, tipX, tipY, outer, cy - r * .1f);
            pen.Shape(pen.Pick(pink, Pen.Shade(fur, .7f)), inner + side * r * .2f, cy - r * .72f, tipX - side, tipY + r * .25f, outer - side * r * .12f, cy - r * .35f);
        }
        pen.Oval(50, cy, r * pen.Between(1.02f, 1.2f), r * pen.Between(.85f, .98f), fur);
        var stripes = pen.Chance(.45f) ? pen.Random.Next(2, 4) : 0;
        for (var s = 0; s < stripes; s++)
        {
            pen.Line(Pen.Shade(fur, .55f), 2.4f, 50 + (s - 1) * 7, cy - r * .82f, 50 + (s - 1) * 5, cy - r * .5f);
            foreach (var side in new[] { -1, 1 }) pen.Line(Pen.Shade(fur, .55f), 2.2f, 50 + side * r * .98f, cy + (s - 1) * 7, 50 + side * r * .7f, cy + (s - 1) * 5);
        }
        if (pen.Chance(.4f)) foreach (var side in new[] { -1, 1 }) pen.Oval(50 + side * r * .2f, cy + r * .38f, r * .25f, r * .2f, pen.Light);
        Eyes(pen, 50, cy - r * .08f, r * .43f, r * pen.Between(.09f, .14f));
        pen.Shape(pink, 50 - r * .1f, cy + r * .2f, 50 + r * .1f, cy + r * .2f, 50, cy + r * .32f);
        pen.Curve(pen.Dark, 1.5f, 50, cy + r * .32f, 50 - r * .1f, cy + r * .5f, 50 - r * .25f, cy + r * .42f);
        pen.Curve(pen.Dark, 1.5f, 50, cy + r * .32f, 50 + r * .1f, cy + r * .5f, 50 + r * .25f, cy + r * .42f);
        if (pen.Chance(.8f))
            foreach (var side in new[] { -1, 1 })
                for (var w = -1; w < 2; w++) pen.Line(pen.Pick(pen.Dark, pen.Light), 1, 50 + side * r * .4f, cy + r * .33f + w * 3, 50 + side * r * pen.Between(1.15f, 1.4f), cy + r * .3f + w * 7);
    }

    public static void Dog(Pen pen)
    {
        var fur = Fur(pen);
        var earColour = pen.Pick(Pen.Shade(fur, .6f), pen.Second, fur, pen.Dark);
        if (pen.Chance(.3f)) // standing
        {
            pen.Curve(fur, 5, 18, 46, 6, 40, pen.Between(6, 12), pen.Between(22, 32));
            foreach (var x in new[] { 20f, 30f, 58f, 67f }) pen.Box(x - 4, 56, x + 4, 93, x is 30 or 67 ? fur : Pen.Shade(fur, .8f), 3);
            pen.Oval(43, 53, 30, pen.Between(12, 16), fur);
            pen.Shape(fur, 56, 46, 66, 26, 80, 34, 70, 60);
            pen.Oval(76, 30, 12, 11, fur);
            pen.Box(78, 29, 97, 39, pen.Pick(fur, Pen.Shade(fur, 1.3f)), 4.5f);
            pen.Oval(96, 31, 3, 2.5f, pen.Dark);
            pen.Oval(68, 34, 5, pen.Between(10, 14), earColour, 12);
            pen.Oval(80, 27, 1.8f, 1.8f, pen.Dark);
            if (pen.Chance(.4f)) pen.Line(pen.Second, 3.5f, 62, 42, 74, 46);
            return;
        }
        float r = pen.Between(27, 33), cy = pen.Between(46, 52), drop = pen.Between(.4f, .8f);
        var floppy = pen.Chance(.75f);
        pen.Oval(50, cy, r * pen.Between(.85f, 1.02f), r * pen.Between(.95f, 1.12f), fur);
        if (pen.Chance(.3f)) pen.Oval(50 + r * .42f, cy - r * .1f, r * .32f, r * .38f, earColour);
        foreach (var side in new[] { -1, 1 })
        {
            if (floppy) pen.Blob(earColour, 50 + side * r * .45f, cy - r * .95f, 50 + side * r * 1.3f, cy - r * 1.1f, 50 + side * r * 1.28f, cy + r * (drop - .2f), 50 + side * r * 1.2f, cy + r * drop, 50 + side * r * .88f, cy + r * (drop - .15f), 50 + side * r * .8f, cy - r * .4f, 50 + side * r * .45f, cy - r * .95f);
            else pen.Blob(earColour, 50 + side * r * .3f, cy - r * .85f, 50 + side * r * .7f, cy - r * 1.7f, 50 + side * r * .95f, cy - r * 1.1f, 50 + side * r * 1.1f, cy - r * .8f, 50 + side * r * .9f, cy - r * .3f);
        }
        pen.Oval(50, cy + r * .52f, r * pen.Between(.45f, .6f), r * pen.Between(.42f, .55f), pen.Pick(pen.Light, Pen.Shade(fur, 1.35f), fur));
        pen.Oval(50, cy + r * .3f, r * .2f, r * .14f, pen.Dark);
        if (pen.Chance(.45f)) pen.Blob(SKColor.FromHsl(350, 70, 62), 50 - r * .15f, cy + r * .72f, 50, cy + r * 1.5f, 50 + r * .15f, cy + r * .72f);
        pen.Curve(pen.Dark, 1.6f, 50, cy + r * .45f, 50 - r * .1f, cy + r * .8f, 50 - r * .35f, cy + r * .68f);
        pen.Curve(pen.Dark, 1.6f, 50, cy + r * .45f, 50 + r * .1f, cy + r * .8f, 50 + r * .35f, cy + r * .68f);
        Eyes(pen, 50, cy - r * .12f, r * .38f, r * pen.Between(.09f, .13f));
    }

    public static void Elephant(Pen pen)
    {
        var skin = pen.Chance(.7f) ? SKColor.FromHsl(pen.Between(180, 280), pen.Between(0, 25), pen.Between(40, 75)) : pen.Body;
        var dark = Pen.Shade(skin, .75f);
        if (pen.Chance(.35f)) // face
        {
            foreach (var side in new[] { -1, 1 })
            {
                pen.Oval(50 + side * 31, pen.Between(38, 44), pen.Between(17, 21), pen.Between(20, 27), dark);
                pen.Oval(50 + side * 30, 42, 12, 16, pen.Pick(pen.Second, skin));
            }
            pen.Oval(50, 42, 23, 25, skin);
            var bend = pen.Between(-22, 22);
            pen.Curve(skin, pen.Between(11, 15), 50, 50, 50, 84, 50 + bend, pen.Between(84, 92));
            if (pen.Chance(.7f)) { pen.Shape(pen.Light, 38, 60, 42, 62, 33, 76); pen.Shape(pen.Light, 62, 60, 58, 62, 67, 76); }
            Eyes(pen, 50, 42, 11, 2.4f);
            return;
        }
        float bx = pen.Between(36, 42), by = pen.Between(46, 52), hx = pen.Between(68, 74), hy = pen.Between(38, 44);
        pen.Line(dark, 2.2f, bx - 30, by, bx - 35, by + 18);
        foreach (var x in new[] { bx - 20, bx - 6, bx + 10, bx + 22 }) pen.Box(x - 6, by + 8, x + 6, 92, x == bx - 6 || x == bx + 10 ? dark : skin, 3);
        pen.Oval(bx, by, pen.Between(29, 34), pen.Between(21, 26), skin);
        float tx = pen.Between(86, 95), ty = pen.Chance(.3f) ? pen.Between(10, 24) : pen.Between(74, 90);
        pen.Curve(skin, pen.Between(8, 11), hx + 9, hy + 3, 93, pen.Between(50, 62), tx, ty);
        pen.Oval(hx, hy, 16, pen.Between(15, 18), skin);
        if (pen.Chance(.7f)) pen.Blob(pen.Light, hx + 8, hy + 11, hx + 12, hy + 22, hx + 21, hy + 20, hx + 16, hy + 16, hx + 12, hy + 10);
        pen.Oval(hx - 9, hy + 1, pen.Between(10, 14), pen.Between(14, 19), dark, pen.Between(-10, 15));
        if (pen.Chance(.4f)) pen.Oval(hx - 9, hy + 1, 7, 10, pen.Second);
        pen.Oval(hx + 7, hy - 5, 2, 2, pen.Dark);
        if (pen.Chance(.3f)) pen.Box(bx - 8, by + 14, bx + 4, by + 16, dark);
    }
}
