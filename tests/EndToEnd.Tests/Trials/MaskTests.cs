using System.Text.Json;
using PerceptionStudy.Bench.Timing;
using PerceptionStudy.Synthesis.Tests;

namespace PerceptionStudy.EndToEnd.Tests.Trials;

/// <summary>The masks as the browser makes them.</summary>
public sealed class MaskTests(Browser browser)
{
    [Fact]
    public async Task Seeds_decide_the_masks_and_their_spectra_are_what_their_names_say()
    {
        await using var context = await browser.NewContextAsync();
        var page = await context.NewPageAsync();
        await new TimingRun(page, Repository.Root).OpenAsync();
        var found = await page.EvaluateAsync<JsonElement>("""
            async () => {
              const { pixelNoise, pinkNoise, phaseScrambled } = await import('/present/masks.js');
              const { transformSquare } = await import('/present/fourier.js');
              const side = 128;
              const same = (a, b) => a.data.every((value, n) => value === b.data[n]);
              const spectrum = (image, colour) => {
                const re = Float64Array.from({ length: side * side }, (_, n) => image.data[4 * n + colour]), im = new Float64Array(side * side);
                transformSquare(re, im, side);
                return re.map((value, n) => Math.hypot(value, im[n]));
              };
              // A picture with an edge, a gradient and colours.
              const picture = new ImageData(side, side);
              for (let n = 0; n < side * side; n++) {
                const x = n % side, y = Math.floor(n / side);
                picture.data.set([90 + (x > 40 ? 60 : 0), 80 + y / 2, 100 + (x + y) / 6, 255], 4 * n);
              }
              const scrambled = phaseScrambled(picture, 5);
              const before = spectrum(picture, 0), after = spectrum(scrambled, 0);
              // Correlation of amplitudes without the mean, and of pixels.
              const correlation = (a, b) => {
                const ma = a.reduce((s, v) => s + v) / a.length, mb = b.reduce((s, v) => s + v) / b.length;
                let ab = 0, aa = 0, bb = 0;
                for (let n = 0; n < a.length; n++) { ab += (a[n] - ma) * (b[n] - mb); aa += (a[n] - ma) ** 2; bb += (b[n] - mb) ** 2; }
                return ab / Math.sqrt(aa * bb);
              };
              const red = image => Float64Array.from({ length: side * side }, (_, n) => image.data[4 * n]);
              // Slope of log amplitude over log frequency, along the axes and diagonals together.
              const pink = spectrum(pinkNoise(side, 3), 0);
              let sx = 0, sy = 0, sxx = 0, sxy = 0, count = 0;
              for (let v = 0; v < side; v++) for (let u = 0; u < side; u++) {
                const f = Math.hypot(u > side / 2 ? u - side : u, v > side / 2 ? v - side : v);
                if (f < 2 || f > side / 3) continue;
                const x = Math.log(f), y = Math.log(pink[v * side + u]);
                sx += x; sy += y; sxx += x * x; sxy += x * y; count++;
              }
              const there = new Float64Array(16).map((_, n) => n * n % 7), back = there.slice(), zero = new Float64Array(16);
              transformSquare(back, zero, 4);
              transformSquare(back, zero, 4, true);
              return {
                sameSeed: same(pixelNoise(side, 9), pixelNoise(side, 9)) && same(pinkNoise(side, 9), pinkNoise(side, 9)) && same(phaseScrambled(picture, 9), phaseScrambled(picture, 9)),
                otherSeed: same(pixelNoise(side, 9), pixelNoise(side, 10)) || same(pinkNoise(side, 9), pinkNoise(side, 10)) || same(phaseScrambled(picture, 9), phaseScrambled(picture, 10)),
                pixelMean: red(pixelNoise(side, 9)).reduce((s, v) => s + v) / side / side,
                pinkSlope: (count * sxy - sx * sy) / (count * sxx - sx * sx),
                pinkMean: red(pinkNoise(side, 3)).reduce((s, v) => s + v) / side / side,
                amplitudes: correlation(before.slice(1).map(Math.log1p), after.slice(1).map(Math.log1p)),
                pixels: Array.from({ length: 12 }, (_, n) => correlation(red(picture), red(phaseScrambled(picture, n + 1)))).reduce((s, v) => s + v) / 12,
                means: before[0] / after[0],
                back: Math.max(...there.map((value, n) => Math.abs(value - back[n]))),
              };
            }
            """);
        double Number(string name) => found.GetProperty(name).GetDouble();
        Assert.True(found.GetProperty("sameSeed").GetBoolean(), "The same seed gave two masks.");
        Assert.False(found.GetProperty("otherSeed").GetBoolean(), "Two seeds gave the same mask.");
        Assert.InRange(Number("back"), 0, 1e-12);
        // Uniform over 0 to 255: 127.5 with a standard error of 0.6.
        Assert.InRange(Number("pixelMean"), 125, 130);
        Assert.InRange(Number("pinkSlope"), -1.1, -0.9);
        Assert.InRange(Number("pinkMean"), 124, 132);
        // Rounding and clipping to 8 bits leave a little behind.
        Assert.InRange(Number("amplitudes"), 0.8, 1);
        // Mean of twelve masks.
        Assert.InRange(Number("pixels"), -0.6, 0.6);
        Assert.InRange(Number("means"), 0.98, 1.02);
    }

    [Theory]
    // asked for, side of the file, device pixels for a CSS pixel, square pixels -> side on the screen in device pixels, resampled smoothly
    [InlineData(224, 224, 1, false, 224, false)]
    [InlineData(224, 224, 2, false, 448, true)]
    [InlineData(224, 224, 2, true, 448, false)]
    [InlineData(300, 224, 1, false, 300, true)]
    [InlineData(300, 224, 1, true, 224, false)]
    [InlineData(224, 96, 1, true, 192, false)]
    [InlineData(2000, 224, 1, true, 448, false)]
    [InlineData(2000, 224, 1, false, 600, true)]
    public async Task A_picture_lies_on_whole_device_pixels(double askedCssPx, int fileSide, double dpr, bool square, int devicePx, bool smooth)
    {
        await using var context = await browser.NewContextAsync(1024, 600);
        var page = await context.NewPageAsync();
        await new TimingRun(page, Repository.Root).OpenAsync();
        var place = await page.EvaluateAsync<JsonElement>("""
            async ([asked, side, dpr, square]) => {
              Object.defineProperty(window, 'devicePixelRatio', { value: dpr });
              return (await import('/present/layers.js')).placeFor(asked, side, square);
            }
            """, new object[] { askedCssPx, fileSide, dpr, square });
        Assert.Equal((devicePx, smooth), (place.GetProperty("pixels").GetInt32(), place.GetProperty("smooth").GetBoolean()));
        foreach (var edge in (string[])["left", "top"])
            Assert.Equal(0, place.GetProperty(edge).GetDouble() * dpr % 1, 9);
        Assert.Equal(devicePx / dpr, place.GetProperty("size").GetDouble(), 9);
    }
}
