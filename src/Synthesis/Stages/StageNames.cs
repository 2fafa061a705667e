using System.Text.RegularExpressions;

namespace PerceptionStudy.Synthesis.Stages;

/// <summary>Readable names for tensors.</summary>
internal static partial class StageNames
{
    /// <summary>The tensor's name without what exporters add (a leading slash, <c>_output_0</c>, <c>:0</c>), unique in the model.</summary>
    public static Dictionary<string, string> For(IEnumerable<string> tensors)
    {
        var taken = new HashSet<string>();
        var names = new Dictionary<string, string>();
        foreach (var tensor in tensors)
        {
            var clean = Unreadable().Replace(ExporterEnding().Replace(tensor, "").Trim('/'), "_").Trim('_');
            if (clean.Length == 0 || clean.All(char.IsDigit))
                clean = "tensor_" + clean;
            var name = clean;
            for (var i = 2; !taken.Add(name); i++)
                name = $"{clean}_{i}";
            names[tensor] = name;
        }
        return names;
    }

    /// <summary>The five names that are fewest edits away, the closest first.</summary>
    public static IEnumerable<string> Closest(string wanted, IEnumerable<string> names) =>
        names.OrderBy(n => n.Contains(wanted, StringComparison.OrdinalIgnoreCase) ? 0 : Distance(wanted, n)).Take(5);

    private static int Distance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var (diagonal, _) = (row[0], row[0] = i);
            for (var j = 1; j <= b.Length; j++)
            {
                var change = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(change, Math.Min(row[j], row[j - 1]) + 1);
            }
        }
        return row[^1];
    }

    [GeneratedRegex(@"(_output_0|:0)$")]
    private static partial Regex ExporterEnding();

    [GeneratedRegex(@"[^A-Za-z0-9_./\-]+")]
    private static partial Regex Unreadable();
}
