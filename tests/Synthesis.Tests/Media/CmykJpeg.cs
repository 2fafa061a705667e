namespace PerceptionStudy.Synthesis.Tests.Media;

/// <summary>A JPEG file of one 8 x 8 block in CMYK, as printing software writes it; libraries at hand do not.</summary>
internal static class CmykJpeg
{
    /// <summary>The same four sample values everywhere.</summary>
    public static byte[] Flat(params ReadOnlySpan<byte> samples)
    {
        var bits = new List<bool>();
        foreach (var sample in samples)
        {
            // With a quantisation of 1 the one coefficient of a flat block is eight times its value less 128.
            var value = 8 * (sample - 128);
            var category = 32 - System.Numerics.BitOperations.LeadingZeroCount((uint)Math.Abs(value));
            Add(category, 4);
            Add(value < 0 ? value + (1 << category) - 1 : value, category);
            Add(0, 1); // The rest of the block is zero.
        }
        while (bits.Count % 8 != 0)
            bits.Add(true);
        var data = bits.Chunk(8).Select(b => b.Aggregate(0, (byteSoFar, bit) => 2 * byteSoFar + (bit ? 1 : 0))).SelectMany(b => b == 0xff ? new byte[] { 0xff, 0 } : [(byte)b]);
        return
        [
            0xff, 0xd8,
            .. Segment(0xee, [.. "Adobe"u8, 0, 100, 0, 0, 0, 0, 0]), // CMYK without a transform
            .. Segment(0xdb, [0, .. Enumerable.Repeat((byte)1, 64)]),
            .. Segment(0xc0, [8, 0, 8, 0, 8, 4, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0, 4, 0x11, 0]),
            .. Segment(0xc4, [0x00, 0, 0, 0, 12, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]), // twelve codes of four bits
            .. Segment(0xc4, [0x10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]), // one code of one bit: end of block
            .. Segment(0xda, [4, 1, 0, 2, 0, 3, 0, 4, 0, 0, 63, 0]),
            .. data, 0xff, 0xd9,
        ];

        void Add(int value, int count)
        {
            for (var bit = count - 1; bit >= 0; bit--)
                bits.Add((value >> bit & 1) == 1);
        }
    }

    private static byte[] Segment(byte marker, byte[] content) => [0xff, marker, (byte)((content.Length + 2) >> 8), (byte)(content.Length + 2), .. content];
}
