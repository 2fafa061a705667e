using SkiaSharp;

namespace PerceptionStudy.DemoAssets.Pictures.Drawings;

/// <summary>Airplanes, bicycles, boats, cars and trucks, another one each time. Canvas 100 × 100.</summary>
internal static class Vehicles
{
    private static SKColor Glass(Pen pen) => pen.Pick(SKColor.FromHsl(205, pen.Between(20, 80), pen.Between(55, 88)), pen.Light, pen.Dark);

    public static void Airplane(Pen pen)
    {
        float half = pen.Between(5, 9), sweep = pen.Between(4, 26), span = pen.Between(34, 47), root = pen.Between(36, 46), chord = pen.Between(10, 20), tail = pen.Between(12, 20);
        if (pen.Chance(.65f)) // from above
        {
            using var turned = pen.Turned(pen.Pick4(0, 45, 45, 90) + pen.Between(-12, 12));
            foreach (var side in new[] { -1, 1 })
            {
                pen.Shape(pen.Pick(pen.Body, pen.Second), 50, root, 50 + side * span, root + sweep + chord * .4f, 50 + side * span, root + sweep + chord * pen.Between(.7f, 1f), 50, root + chord * 1.5f);
                pen.Shape(pen.Second, 50, 80, 50 + side * tail, 88, 50 + side * tail, 93, 50, 92);
                if (pen.Chance(.4f)) pen.Box(50 + side * span * .45f - 3, root + sweep * .4f - 3, 50 + side * span * .45f + 3, root + sweep * .4f + 10, pen.Dark, 3);
            }
            pen.Oval(50, 50, half, pen.Between(42, 47), pen.Pick(pen.Body, pen.Light));
            if (pen.Chance(.6f)) pen.Oval(50, 15, half * .6f, 4, Glass(pen));
            return;
        }
        using (pen.Turned(pen.Between(-28, 8))) // from the side
        {
            pen.Shape(pen.Second, 8, pen.Between(20, 28), 20, 24, 32, 47, 12, 50);
            pen.Blob(pen.Body, 8, 46, 50, 36, 84, 42, 97, 46, 95, 53, 80, 62, 50, 61, 20, 58, 8, 46);
            for (float x = 32, step = pen.Between(6, 9); x < 78; x += step) pen.Oval(x, 47, 1.9f, 1.9f, Glass(pen));
            pen.Blob(Glass(pen), 84, 43, 92, 43, 94, 48, 88, 49, 84, 48);
            pen.Shape(pen.Pick(pen.Second, Pen.Shade(pen.Body, .7f)), 62, 53, 46, 53, pen.Between(22, 34), 80, pen.Between(34, 44), 80);
            if (pen.Chance(.5f)) pen.Box(44, 62, 56, 69, pen.Dark, 3);
            if (pen.Chance(.3f)) { pen.Wheel(30, 68, 4); pen.Wheel(76, 68, 4); }
        }
    }

    private static float Pick4(this Pen pen, float a, float b, float c, float d) => pen.Random.Next(4) switch { 0 => a, 1 => b, 2 => c, _ => d };

    public static void Bicycle(Pen pen)
    {
        float r = pen.Between(16, 22), y = pen.Between(66, 74), x1 = pen.Between(20, 24), x2 = 100 - x1, width = pen.Between(2, 4.5f), tyre = pen.Between(2, 4.5f);
        foreach (var x in new[] { x1, x2 })
        {
            pen.Ring(x, y, r, pen.Dark, tyre);
            var spokes = pen.Chance(.5f) ? pen.Random.Next(4, 9) : 0;
            for (var s = 0; s < spokes; s++) { var (sin, cos) = MathF.SinCos(MathF.PI * s / spokes); pen.Line(pen.Light, .7f, x - cos * r, y - sin * r, x + cos * r, y + sin * r); }
        }
        float crankX = pen.Between(44, 50), seatX = crankX - pen.Between(6, 10), seatY = y - pen.Between(26, 32), headX = x2 - pen.Between(9, 14), headY = seatY + pen.Between(-4, 4);
        pen.Line(pen.Body, width, x1, y, crankX, y, headX, headY, seatX + 2, seatY + 3, x1, y);
        pen.Line(pen.Body, width, crankX, y, seatX, seatY - 4);
        pen.Line(pen.Body, width, x2, y, headX, headY, headX - 2, headY - 7);
        pen.Line(pen.Dark, width * 1.1f, seatX - 6, seatY - 5, seatX + 6, seatY - 5);
        if (pen.Chance(.5f)) pen.Line(pen.Dark, width, headX - 2, headY - 7, headX + 6, headY - 9, headX + 8, headY - 3);
        else pen.Line(pen.Dark, width, headX - 8, headY - 9, headX - 1, headY - 7);
        pen.Oval(crankX, y, 3.4f, 3.4f, pen.Second);
        if (pen.Chance(.3f)) pen.Box(headX, headY, headX + 12, headY + 9, pen.Second, 2);
    }

    public static void Boat(Pen pen)
    {
        float deck = pen.Between(64, 72), keel = pen.Between(84, 92), left = pen.Between(4, 16), right = 100 - pen.Between(4, 16), rake = pen.Between(8, 20);
        if (pen.Chance(.55f)) // sails
        {
            var mast = pen.Between(42, 56);
            float top = pen.Between(3, 12), boom = deck - pen.Between(4, 9);
            pen.Line(pen.Dark, 2.2f, mast, top, mast, deck);
            if (pen.Chance(.5f)) pen.Blob(pen.Pick(pen.Light, pen.Second), mast + 2, top, mast + 28, boom - 20, right - 10, boom, mast + 20, boom + 1, mast + 2, boom);
            else pen.Shape(pen.Pick(pen.Light, pen.Second), mast + 2, top, right - pen.Between(8, 20), boom, mast + 2, boom);
            if (pen.Chance(.8f)) pen.Shape(pen.Pick(pen.Light, pen.Second, pen.Body), mast - 2, top + pen.Between(3, 16), left + pen.Between(8, 18), boom, mast - 2, boom);
        }
        else // cabin and funnels
        {
            float from = pen.Between(24, 36), to = pen.Between(62, 76), roof = pen.Between(44, 54);
            pen.Box(from, roof, to, deck, pen.Pick(pen.Light, pen.Second), 2);
            for (float x = from + 5; x < to - 4; x += pen.Between(7, 11)) pen.Oval(x, (roof + deck) / 2, 2.4f, 2.4f, Glass(pen));
            if (pen.Chance(.6f)) pen.Box(from + 6, roof - 12, to - 8, roof, pen.Pick(pen.Light, pen.Second), 2);
            for (var funnel = pen.Random.Next(1, 4); funnel > 0; funnel--) pen.Box(from + 4 + funnel * 9, roof - pen.Between(18, 28), from + 11 + funnel * 9, roof - 10, pen.Pick(pen.Body, pen.Dark), 1);
            if (pen.Chance(.4f)) pen.Line(pen.Dark, 1.6f, to - 2, roof, to - 2, pen.Between(18, 28));
        }
        pen.Shape(pen.Body, left, deck, right, deck, right - rake, keel, left + rake * .8f, keel);
        if (pen.Chance(.5f)) pen.Shape(pen.Pick(pen.Light, pen.Second), left, deck, right, deck, right - rake * .25f, deck + 5, left + rake * .2f, deck + 5);
        if (pen.Chance(.55f)) for (var wave = 0; wave < 4; wave++) pen.Curve(SKColor.FromHsl(205, 70, pen.Between(45, 75)), 3, wave * 25, keel + 3, wave * 25 + 12, keel - 3, wave * 25 + 25, keel + 3);
    }

    public static void Car(Pen pen)
    {
        if (pen.Chance(.25f)) // from the front
        {
            pen.Shape(pen.Body, 28, pen.Between(24, 32), 72, 28, 82, 50, 18, 50);
            pen.Shape(Glass(pen), 32, 33, 68, 33, 75, 49, 25, 49);
            pen.Box(12, 48, 88, 78, pen.Body, pen.Between(4, 10));
            foreach (var x in new[] { 22f, 78f }) { pen.Oval(x, 60, 6, pen.Between(4, 6), SKColor.FromHsl(50, 80, 80)); pen.Box(x - 7, 76, x + 7, 88, pen.Dark, 3); }
            pen.Box(34, 60, 66, 70, pen.Pick(pen.Dark, pen.Second), 2);
            return;
        }
        float r = pen.Between(8, 11.5f), waist = pen.Between(48, 54), roof = waist - pen.Between(15, 22), sill = pen.Between(70, 75), x1 = pen.Between(22, 28), x2 = pen.Between(72, 78);
        float a = pen.Between(14, 32), b = a + pen.Between(8, 16), c = pen.Between(58, 72), d = c + pen.Between(8, 18);
        if (pen.Chance(.5f)) pen.Blob(pen.Body, a, waist + 1, a + 4, roof, (b + c) / 2, roof, c + 4, roof, d, waist + 1, (a + d) / 2, waist + 3, a, waist + 1);
        else pen.Shape(pen.Body, a, waist + 1, b, roof, c, roof, d, waist + 1);
        float mid = pen.Between(44, 56), up = roof + 4.5f;
        pen.Shape(Glass(pen), a + 6, waist, b + 2.5f, up, mid - 1.5f, up, mid - 1.5f, waist);
        pen.Shape(Glass(pen), mid + 1.5f, waist, mid + 1.5f, up, c - 1, up, d - 5, waist);
        pen.Box(4, waist, 96, sill, pen.Body, pen.Between(3, 10));
        if (pen.Chance(.5f)) pen.Box(4, sill - 6, 96, sill, pen.Pick(pen.Second, Pen.Shade(pen.Body, .7f)), 3);
        pen.Oval(92, waist + 7, 3, 3, SKColor.FromHsl(50, 90, 75));
        if (pen.Chance(.5f)) pen.Oval(7, waist + 7, 2.5f, 3, SKColor.FromHsl(5, 85, 50));
        if (pen.Chance(.5f)) pen.Line(pen.Dark, 1.4f, mid + 5, waist + 5, mid + 11, waist + 5);
        if (pen.Chance(.12f)) pen.Box(44, roof - 6, 58, roof, pen.Pick(pen.Second, pen.Light), 1);
        pen.Wheel(x1, sill, r);
        pen.Wheel(x2, sill, r);
    }

    public static void Truck(Pen pen)
    {
        float r = pen.Between(6.5f, 10), bed = pen.Between(66, 72), top = pen.Between(22, 36), split = pen.Between(54, 68), cab = pen.Between(32, 44);
        switch (pen.Random.Next(4))
        {
            case 0: // dump body
                pen.Shape(pen.Second, 2, top + 12, split - 4, top + 16, split - 9, bed, 10, bed);
                break;
            case 1: // tank
                pen.Box(3, top + 8, split - 3, bed - 1, pen.Second, 14);
                break;
            default:
                pen.Box(3, top, split - 2, bed, pen.Pick(pen.Second, pen.Light), pen.Between(0, 4));
                if (pen.Chance(.4f)) for (var x = 12f; x < split - 6; x += 9) pen.Line(pen.Dark.WithAlpha(90), 1.2f, x, top + 4, x, bed - 3);
                else if (pen.Chance(.5f)) pen.Box(3, (top + bed) / 2 - 4, split - 2, (top + bed) / 2 + 5, pen.Body);
                break;
        }
        if (pen.Chance(.5f)) pen.Shape(pen.Body, split, cab, split + 17, cab, 95, cab + 18, 97, bed + 4, split, bed + 4);
        else pen.Box(split, cab, 96, bed + 4, pen.Body, pen.Between(1, 7));
        pen.Shape(Glass(pen), split + 8, cab + 5, split + 18, cab + 5, 90, cab + 18, split + 8, cab + 18);
        pen.Box(4, bed, 97, bed + 6, pen.Pick(pen.Dark, pen.Body), 1);
        pen.Oval(94, bed - 3, 2.5f, 2.5f, SKColor.FromHsl(50, 90, 75));
        pen.Wheel(split + 20, bed + 7, r);
        pen.Wheel(pen.Between(16, 22), bed + 7, r);
        if (pen.Chance(.55f)) pen.Wheel(pen.Between(36, 42), bed + 7, r);
    }
}
