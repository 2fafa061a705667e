namespace PerceptionStudy.DemoAssets.Sounds;

/// <summary>One way in which espeak-ng says a word.</summary>
/// <param name="Accent">One of <see cref="Accents"/>.</param>
/// <param name="Variant">The speaker: formants, pitch and voicing.</param>
/// <param name="WordsPerMinute">Rate of speech, 80 to 450.</param>
/// <param name="Pitch">0 to 99, the variant's own at 50.</param>
/// <param name="Ending">A mark that gives the word its intonation: full stop, comma, question mark or exclamation mark.</param>
public sealed record Voice(string Accent, string Variant, int WordsPerMinute, int Pitch, char Ending)
{
    // "en" and not "en-gb", together with which espeak-ng 1.51 ignores the variant: all of that accent would be its default voice.
    private static readonly string[] Accents = ["en", "en-gb-x-rp", "en-gb-x-gbclan", "en-gb-x-gbcwmd", "en-gb-scotland", "en-us", "en-us-nyc", "en-029"];

    /// <summary>Speakers that networks are trained on.</summary>
    public static readonly string[] Trained =
    [
        "adam", "Alex", "Alicia", "Andy", "Annie", "anika", "announcer", "antonio", "aunty", "benjamin", "boris", "caleb", "david", "Denis", "Diogo", "ed", "f1", "f3", "f4", "Gene", "Gene2",
        "grandma", "grandpa", "gustave", "Henrique", "iven", "iven2", "iven3", "iven4", "Jacky", "kaukovalta", "klatt", "klatt2", "klatt3", "klatt5", "klatt6", "Lee", "m1", "m2", "m4", "m5", "m6",
        "m8", "marcelo", "Marco", "Mario", "max", "Michael", "michel", "miguel", "Mike", "Mr", "Nguyen", "norbert", "pablo", "pedro", "robert", "sandro", "shelby", "victor",
    ];

    /// <summary>Speakers that no network was trained on, relatives together. Whisperers, robots and other effects are in neither list.</summary>
    public static readonly string[] HeldOut =
        ["Andrea", "belinda", "edward", "edward2", "f2", "f5", "Hugo", "john", "klatt4", "linda", "m3", "m7", "paul", "quincy", "rob", "steph", "steph2", "steph3", "travis", "zac"];

    /// <summary>A voice by chance, of one of these speakers.</summary>
    public static Voice Draw(Random random, string[] variants) =>
        new(Pick(Accents, random), Pick(variants, random), random.Next(130, 211), random.Next(20, 81), ".,?!"[random.Next(4)]);

    private static string Pick(string[] from, Random random) => from[random.Next(from.Length)];
}
