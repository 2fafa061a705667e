using System.Text.RegularExpressions;

namespace PerceptionStudy.Synthesis.Stages;

/// <summary>Readable names for tensors.</summary>
internal static partial class StageNames
{
    /// <summary>
    /// A name for each tensor, unique in the model: that of the outermost module whose output it is (<c>layer1</c>); elsewhere the tensor's own
    /// without what exporters add (a leading slash, <c>_output_0</c>, <c>:0</c>).
    /// </summary>
    /// <param name="tensors">Tensors in the model's order.</param>
    /// <param name="modules">The modules, or null.</param>
    /// <param name="given">Names that are fixed already, by tensor.</param>
    public static Dictionary<string, string> For(IEnumerable<string> tensors, ModuleScopes? modules = null, IReadOnlyDictionary<string, string>? given = null)
    {
        var names = new Dictionary<string, string>(given ?? new Dictionary<string, string>());
        var taken = names.Values.ToHashSet();
        var byModule = modules?.ByTensor;
        foreach (var tensor in tensors.Where(t => !names.ContainsKey(t)))
        {
            var wanted = byModule?[tensor].FirstOrDefault(s => !taken.Contains(s)) ?? Clean(tensor);
            var name = wanted;
            for (var i = 2; !taken.Add(name); i++)
                name = $"{wanted}_{i}";
            names[tensor] = name;
        }
        return names;
    }

    private static string Clean(string tensor)
    {
        var clean = Unreadable().Replace(ExporterEnding().Replace(tensor, "").Trim('/'), "_").Trim('_');
        return clean.Length == 0 || clean.All(char.IsDigit) ? "tensor_" + clean : clean;
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
