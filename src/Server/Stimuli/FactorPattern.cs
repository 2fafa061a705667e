using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace PerceptionStudy.Server.Stimuli;

/// <summary>What the name of a metamer's file tells. Null for what it does not tell.</summary>
public sealed record FileFactors(string? Model, string? Stage, string? Category, string? Name, int? Seed);

/// <summary>
/// A pattern for the ends of file paths with named parts, for example <c>{model}/{stage}/{category}_{name}.png</c>. The parts are model, stage,
/// category, name and seed; <c>{*}</c> is anything. No part reaches over a slash; large and small letters of the rest are the same.
/// </summary>
public sealed partial class FactorPattern
{
    /// <summary>The parts that can be named.</summary>
    public static readonly IReadOnlyList<string> Parts = ["model", "stage", "category", "name", "seed"];

    private readonly Regex regex;

    /// <exception cref="FormatException">A part is unknown, stands twice, or a brace is open.</exception>
    public FactorPattern(string pattern)
    {
        Text = pattern.Trim().TrimStart('/');
        if (Text.Length == 0) throw new FormatException("Write a pattern, for example {model}/{stage}/{category}_{name}.png.");
        var named = new HashSet<string>();
        var expression = new StringBuilder("(?:^|/)");
        var at = 0;
        foreach (Match part in Part().Matches(Text))
        {
            Literal(Text[at..part.Index]);
            var name = part.Groups[1].Value;
            if (name == "*") expression.Append("[^/]*");
            else if (!Parts.Contains(name)) throw new FormatException($"There is no part {{{name}}}: the parts are {string.Join(", ", Parts.Select(p => $"{{{p}}}"))} and {{*}}.");
            else if (!named.Add(name)) throw new FormatException($"The part {{{name}}} stands twice in the pattern.");
            else expression.Append(CultureInfo.InvariantCulture, $"(?<{name}>{(name == "seed" ? "[0-9]{1,9}" : "[^/]+?")})");
            at = part.Index + part.Length;
        }
        Literal(Text[at..]);
        expression.Append('$');
        Named = named;
        regex = new Regex(expression.ToString(), RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, TimeSpan.FromSeconds(1));

        void Literal(string text)
        {
            if (text.Contains('{') || text.Contains('}')) throw new FormatException("A brace in the pattern is not closed: parts are written as {stage}.");
            expression.Append(Regex.Escape(text));
        }
    }

    public string Text { get; }

    /// <summary>The parts that the pattern names.</summary>
    public IReadOnlySet<string> Named { get; }

    /// <summary>What the path tells; null if it does not fit.</summary>
    public FileFactors? Read(string path)
    {
        var match = regex.Match(path.Replace('\\', '/'));
        if (!match.Success) return null;
        return new FileFactors(Of("model"), Of("stage"), Of("category"), Of("name"), Of("seed") is { } seed ? int.Parse(seed, CultureInfo.InvariantCulture) : null);

        string? Of(string part) => match.Groups[part] is { Success: true } group ? group.Value : null;
    }

    [GeneratedRegex(@"\{([^{}]*)\}")]
    private static partial Regex Part();
}

/// <summary>Where a collection of metamers keeps metamers and natural stimuli.</summary>
/// <param name="Name">What it is.</param>
/// <param name="Metamers">Pattern of the metamers' paths.</param>
/// <param name="Naturals">Pattern of the natural stimuli's paths; empty where they are in a set already.</param>
public sealed record ImportLayout(string Name, string Metamers, string Naturals)
{
    /// <summary>
    /// What the program of Feather et al. (2023) writes: a folder for each picture with orig.png, and a file for each layer. It writes a metamer
    /// only if the model gives it the category of the picture.
    /// </summary>
    public static readonly ImportLayout Feather2023 = new(
        "Feather et al. 2023 (model_metamers_pytorch)", "{model}/metamers/{*}_RS{seed}_I{*}_N{*}/{name}_SOUND_{category}/{*}_layer_{stage}_synth.png", "{model}/metamers/{*}/{name}_SOUND_{category}/orig.png");

    /// <summary>What the export of a set of pictures writes.</summary>
    public static readonly ImportLayout Exported = new("A set exported from here", "metamers/{model}/{stage}/{category}/{name}_seed{seed}.png", "naturals/{category}/{name}.png");

    /// <summary>What the export of a set of sounds writes.</summary>
    public static readonly ImportLayout ExportedSounds = new("A set of sounds exported from here", "metamers/{model}/{stage}/{category}/{name}_seed{seed}.wav", "naturals/{category}/{name}.wav");

    public static readonly IReadOnlyList<ImportLayout> Presets = [Feather2023, Exported, ExportedSounds, new("Another layout", "{model}/{stage}/{category}_{name}.png", "")];
}
