namespace PerceptionStudy.Server.Stimuli;

/// <summary>The files that can become stimuli, by the ends of their names; what a file really is, the synthesis host finds out.</summary>
public static class StimulusFormats
{
    public const string PictureWords = "PNG, JPEG, WebP, GIF, BMP", SoundWords = "WAV, FLAC, Ogg, Opus, MP3, M4A";

    private static readonly string[] Pictures = [".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp"];
    private static readonly string[] Sounds = [".wav", ".flac", ".ogg", ".oga", ".opus", ".mp3", ".m4a"];

    /// <summary>What a browser's choice of files offers.</summary>
    public static string AcceptOf(StimulusMedium medium) => string.Join(',', medium == StimulusMedium.Sound ? Sounds : Pictures);

    /// <summary>What a file is by its name; null if it is neither.</summary>
    public static StimulusMedium? MediumOf(string name) => Path.GetExtension(name).ToLowerInvariant() switch
    {
        var ending when Pictures.Contains(ending) => StimulusMedium.Picture,
        var ending when Sounds.Contains(ending) => StimulusMedium.Sound,
        _ => null,
    };

    /// <summary>How files of a medium end that are kept.</summary>
    public static string EndingOf(StimulusMedium medium) => medium == StimulusMedium.Sound ? ".wav" : ".png";
}
