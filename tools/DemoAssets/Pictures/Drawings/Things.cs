using SkiaSharp;

namespace PerceptionStudy.DemoAssets.Pictures.Drawings;

/// <summary>Bottles, chairs, clocks, keyboards, knives and ovens, another one each time. Canvas 100 × 100.</summary>
internal static class Things
{
    public static void Bottle(Pen pen)
    {
        float half = pen.Between(10, 22), neck = half * pen.Between(.25f, .5f), shoulder = pen.Between(28, 48), top = pen.Between(3, 12), foot = pen.Between(90, 98);
        using var turned = pen.Turned(pen.Chance(.25f) ? pen.Between(-50, 50) : pen.Between(-8, 8));
        var slope = pen.Between(2, 16);
        if (pen.Chance(.5f))
            pen.Shape(pen.Body, 50 - neck, top, 50 + neck, top, 50 + neck, shoulder - slope, 50 + half, shoulder, 50 + half, foot, 50 - half, foot, 50 - half, shoulder, 50 - neck, shoulder - slope);
        else
            pen.Blob(pen.Body, 50 - neck, top, 50, top - 1, 50 + neck, top, 50 + neck, shoulder - slope, 50 + half, shoulder + 6, 50 + half, (shoulder + foot) / 2, 50 + half * .95f, foot, 50, foot + 1, 50 - half * .95f, foot, 50 - half, (shoulder + foot) / 2, 50 - half, shoulder + 6, 50 - neck, shoulder - slope, 50 - neck, top);
        pen.Box(50 - neck * 1.25f, top - 2, 50 + neck * 1.25f, top + pen.Between(4, 12), pen.Pick(pen.Second, pen.Dark, pen.Light), 1.5f);
        if (pen.Chance(.7f))
        {
            float from = pen.Between(shoulder + 4, 62), to = from + pen.Between(12, 26);
            pen.Box(50 - half, from, 50 + half, Math.Min(to, foot - 3), pen.Pick(pen.Light, pen.Second));
            if (pen.Chance(.5f)) pen.Oval(50, (from + Math.Min(to, foot - 3)) / 2, half * .4f, half * .4f, pen.Pick(pen.Body, pen.Dark, pen.Second));
        }
        if (pen.Chance(.5f)) pen.Line(pen.Light.WithAlpha(150), 2.5f, 50 - half * .65f, shoulder + 6, 50 - half * .65f, foot - 10);
    }

    public static void Chair(Pen pen)
    {
        float seat = pen.Between(52, 62), back = pen.Between(4, 18), leg = pen.Between(3, 7), left = pen.Between(22, 30), right = 100 - left, foot = pen.Between(92, 97);
        var wood = pen.Pick(pen.Body, pen.Second, pen.Dark);
        switch (pen.Random.Next(3))
        {
            case 0: // seen from the front
                pen.Box(left, back, right, seat - pen.Between(3, 14), pen.Body, pen.Between(0, 12));
                if (pen.Chance(.4f)) for (var bar = 1; bar < 4; bar++) pen.Line(pen.Dark, 1.5f, left + bar * (right - left) / 4, back + 4, left + bar * (right - left) / 4, seat - 14);
                pen.Box(left + 2, seat - 14, left + 2 + leg, seat, wood);
                pen.Box(right - 2 - leg, seat - 14, right - 2, seat, wood);
                pen.Box(left - 4, seat, right + 4, seat + pen.Between(6, 13), pen.Pick(pen.Body, pen.Second), 3);
                pen.Shape(wood, left, seat + 8, left + leg, seat + 8, left + leg - 2, foot, left - 2, foot);
                pen.Shape(wood, right, seat + 8, right - leg, seat + 8, right - leg + 2, foot, right + 2, foot);
                break;
            case 1: // seen from the side
                var lean = pen.Between(0, 9);
                pen.Shape(wood, left - lean, back, left + leg - lean, back, left + leg + 2, seat, left + leg, foot, left, foot, left, seat);
                if (pen.Chance(.5f)) pen.Box(left + leg * .4f - lean, back + 4, left + leg + 7 - lean, seat - 12, pen.Body, 3);
                pen.Box(right - leg, seat, right, foot, wood);
                pen.Box(left, seat - 1, right + 2, seat + pen.Between(6, 13), pen.Pick(pen.Body, pen.Second), 2);
                if (pen.Chance(.4f)) pen.Line(wood, leg * .7f, left + 2, foot - 14, right - 2, foot - 14);
                if (pen.Chance(.3f)) pen.Line(wood, leg * .8f, left + 2, seat - 20, right - 4, seat - 20, right - 4, seat);
                break;
            default: // an armchair or an office chair
                var round = pen.Between(4, 14);
                pen.Box(left, back + 4, right, seat + 8, pen.Body, round);
                if (pen.Chance(.5f))
                {
                    pen.Box(left - 12, seat - 16, left + 5, seat + 22, pen.Pick(pen.Body, pen.Second), 6);
                    pen.Box(right - 5, seat - 16, right + 12, seat + 22, pen.Pick(pen.Body, pen.Second), 6);
                    pen.Box(left + 4, seat, right - 4, seat + 22, Pen.Shade(pen.Body, .85f), 4);
                    pen.Box(left - 6, seat + 22, left, foot, pen.Dark);
                    pen.Box(right, seat + 22, right + 6, foot, pen.Dark);
                }
                else
                {
                    pen.Box(left - 4, seat, right + 4, seat + 12, pen.Second, 5);
                    pen.Box(47, seat + 12, 53, 84, pen.Dark);
                    pen.Line(pen.Dark, 4, 25, 93, 50, 83, 75, 93);
                    foreach (var x in new[] { 25f, 50f, 75f }) pen.Oval(x, 94, 4, 4, pen.Dark);
                }
                break;
        }
    }

    public static void Clock(Pen pen)
    {
        float r = pen.Between(34, 45), cy = pen.Chance(.4f) ? 54 : 50;
        var square = pen.Chance(.18f);
        if (pen.Chance(.3f))
        {
            pen.Oval(26, cy - r * .85f, 12, 9, pen.Second, -40);
            pen.Oval(74, cy - r * .85f, 12, 9, pen.Second, 40);
            pen.Line(pen.Dark, 5, 30, cy + r * .8f, 22, 97);
            pen.Line(pen.Dark, 5, 70, cy + r * .8f, 78, 97);
        }
        if (square) pen.Box(50 - r, cy - r, 50 + r, cy + r, pen.Body, pen.Between(0, 10)); else pen.Oval(50, cy, r, r, pen.Body);
        var inner = r * pen.Between(.76f, .92f);
        var face = pen.Pick(pen.Light, pen.Light, pen.Light, Pen.Shade(pen.Body, 1.3f), pen.Dark);
        var ink = face == pen.Dark ? pen.Light : pen.Pick(pen.Dark, pen.Dark, Pen.Shade(pen.Second, .5f));
        pen.Oval(50, cy, inner, inner, face);
        var marks = pen.Random.Next(4) switch { 0 => 4, 1 => 0, _ => 12 };
        for (var m = 0; m < marks; m++)
        {
            var (sin, cos) = MathF.SinCos(MathF.Tau * m / marks);
            pen.Line(ink, pen.Between(1.5f, 3), 50 + sin * inner * .9f, cy - cos * inner * .9f, 50 + sin * inner * .78f, cy - cos * inner * .78f);
        }
        foreach (var (length, width) in new[] { (.5f, pen.Between(3, 6)), (.74f, pen.Between(2, 4.5f)) })
        {
            var (sin, cos) = MathF.SinCos(pen.Between(0, MathF.Tau));
            pen.Line(ink, width, 50, cy, 50 + sin * inner * length, cy - cos * inner * length);
        }
        pen.Oval(50, cy, 3, 3, pen.Pick(pen.Second, ink));
    }

    public static void Keyboard(Pen pen)
    {
        int columns = pen.Random.Next(7, 13), rows = pen.Random.Next(3, 6);
        float height = pen.Between(30, 52), top = 50 - height / 2, bottom = 50 + height / 2, gap = pen.Between(.6f, 1.6f), round = pen.Between(.3f, 2);
        using var turned = pen.Turned(pen.Between(-14, 14));
        var key = pen.Pick(pen.Light, pen.Second, Pen.Shade(pen.Body, .55f), Pen.Shade(pen.Body, 1.5f), pen.Dark);
        if (pen.Chance(.3f)) pen.Curve(pen.Dark, 2, 50, top, pen.Between(40, 60), top - 10, pen.Between(35, 65), top - 16);
        pen.Box(3, top, 97, bottom, pen.Body, pen.Between(1, 7));
        float cell = 88f / columns, line = (height - 6) / rows;
        for (var row = 0; row < rows; row++)
        {
            var space = row == rows - 1;
            for (var column = 0; column < columns; column++)
            {
                if (space && column > 2 && column < columns - 3) continue;
                var colour = pen.Chance(.04f) ? pen.Second : key;
                pen.Box(6 + column * cell + gap, top + 3 + row * line + gap, 6 + (column + 1) * cell - gap, top + 3 + (row + 1) * line - gap, colour, round);
            }
            if (space) pen.Box(6 + 3 * cell + gap, top + 3 + row * line + gap, 6 + (columns - 3) * cell - gap, top + 3 + (row + 1) * line - gap, key, round);
        }
    }

    public static void Knife(Pen pen)
    {
        float wide = pen.Between(5, 11), split = pen.Between(50, 66), tip = pen.Between(3, 10), grip = wide * pen.Between(.55f, 1f);
        using var turned = pen.Turned(pen.Chance(.75f) ? pen.Between(20, 70) * (pen.Chance(.5f) ? 1 : -1) : pen.Between(-20, 20));
        var steel = pen.Pick(SKColor.FromHsl(210, pen.Between(0, 20), pen.Between(55, 90)), pen.Light);
        if (pen.Chance(.6f)) pen.Blob(steel, 50 - wide * .7f, split, 50 - wide * .7f, (split + tip) / 2, 50 - wide * .7f, tip, 50 + wide * 1.4f, tip + pen.Between(5, 25), 50 + wide * .9f, split);
        else pen.Shape(steel, 50 - wide * .8f, split, 50 - wide * .8f, tip + pen.Between(5, 15), 50, tip, 50 + wide * .8f, tip + pen.Between(5, 25), 50 + wide * .8f, split);
        if (pen.Chance(.5f)) pen.Line(Pen.Shade(steel, .7f), 1.2f, 50 - wide * .2f, tip + 22, 50 - wide * .2f, split);
        if (pen.Chance(.3f)) pen.Box(50 - wide * 1.2f, split - 2, 50 + wide * 1.2f, split + 3, pen.Second, 1);
        pen.Box(50 - grip, split, 50 + grip, pen.Between(90, 98), pen.Pick(pen.Body, pen.Dark), pen.Between(1, 6));
        if (pen.Chance(.6f)) for (var y = split + 7; y < 88; y += pen.Between(9, 14)) pen.Oval(50, y, 1.6f, 1.6f, pen.Light);
    }

    public static void Oven(Pen pen)
    {
        float left = pen.Between(12, 22), right = 100 - left, top = pen.Between(6, 16), bottom = pen.Between(90, 96), panel = top + pen.Between(13, 20);
        pen.Box(left, top, right, bottom, pen.Pick(pen.Body, pen.Light, Pen.Shade(pen.Light, .7f)), pen.Between(0, 5));
        if (pen.Chance(.5f)) pen.Box(left, top, right, panel, pen.Pick(pen.Second, pen.Dark, pen.Body));
        var knobs = pen.Random.Next(3, 6);
        var ink = pen.Pick(pen.Dark, pen.Light, pen.Second);
        for (var k = 0; k < knobs; k++) pen.Oval(left + (k + .5f) * (right - left) / knobs, (top + panel) / 2, 3.6f, 3.6f, ink);
        if (pen.Chance(.35f)) pen.Box(44, top + 3, 56, panel - 3, pen.Dark, 1);
        if (pen.Chance(.45f)) for (var burner = 0; burner < 2; burner++) pen.Box(left + 6 + burner * (right - left) / 2, top - 4, left + burner * (right - left) / 2 + (right - left) / 2 - 6, top, pen.Dark, 1);
        pen.Box(left + 5, panel + 3, right - 5, bottom - 4, pen.Pick(pen.Body, Pen.Shade(pen.Body, .8f), pen.Second), 2);
        pen.Line(pen.Pick(pen.Light, pen.Dark), 3, left + 11, panel + 9, right - 11, panel + 9);
        var glass = pen.Chance(.3f) ? SKColor.FromHsl(35, 90, pen.Between(40, 65)) : pen.Pick(pen.Dark, Pen.Shade(pen.Second, .4f), SKColor.FromHsl(210, 25, 50));
        pen.Box(left + 11, panel + 15, right - 11, bottom - pen.Between(9, 18), glass, pen.Between(0, 4));
        if (pen.Chance(.5f)) for (var rack = 0; rack < 2; rack++) pen.Line(pen.Light.WithAlpha(170), 1.2f, left + 14, panel + 24 + rack * 11, right - 14, panel + 24 + rack * 11);
        if (pen.Chance(.4f)) { pen.Box(left + 4, bottom, left + 10, bottom + 3, pen.Dark); pen.Box(right - 10, bottom, right - 4, bottom + 3, pen.Dark); }
    }
}
