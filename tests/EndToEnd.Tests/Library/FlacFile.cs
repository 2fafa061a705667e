namespace PerceptionStudy.EndToEnd.Tests.Library;

/// <summary>The plainest FLAC there is: one frame of 16-bit samples that are written down as they are (RFC 9639, verbatim subframe).</summary>
internal static class FlacFile
{
    /// <param name="samples">One channel; at most 65,536 samples.</param>
    /// <param name="rateHz">Sampling rate.</param>
    public static byte[] Of(short[] samples, int rateHz)
    {
        var length = samples.Length;
        // STREAMINFO: block sizes, frame sizes unknown, 20 bits rate, 3 bits channels − 1, 5 bits sample size − 1, 36 bits length, no MD5.
        byte[] info = [(byte)(length >> 8), (byte)length, (byte)(length >> 8), (byte)length, 0, 0, 0, 0, 0, 0,
            (byte)(rateHz >> 12), (byte)(rateHz >> 4), (byte)((rateHz << 4) | (15 >> 4)), (byte)(15 << 4), (byte)(length >> 24), (byte)(length >> 16), (byte)(length >> 8), (byte)length, .. new byte[16]];
        // Sync, length in 16 bits, rate from STREAMINFO, mono, 16 bits, frame 0.
        byte[] header = [0xFF, 0xF8, 0x70, 0x08, 0, (byte)((length - 1) >> 8), (byte)(length - 1)];
        byte[] frame = [.. header, (byte)Crc(header, 8, 0x07), 0x02, .. samples.SelectMany(s => new[] { (byte)(s >> 8), (byte)s })];
        var check = Crc(frame, 16, 0x8005);
        return [.. "fLaC"u8, 0x80, 0, 0, (byte)info.Length, .. info, .. frame, (byte)(check >> 8), (byte)check];
    }

    private static int Crc(byte[] bytes, int bits, int polynomial)
    {
        var crc = 0;
        foreach (var value in bytes)
        {
            crc ^= value << (bits - 8);
            for (var bit = 0; bit < 8; bit++) crc = ((crc << 1) ^ ((crc >> (bits - 1) & 1) * polynomial)) & ((1 << bits) - 1);
        }
        return crc;
    }
}
