using System.Text.RegularExpressions;
using Google.Protobuf;
using PerceptionStudy.Synthesis.Hosting;
using PerceptionStudy.Synthesis.Tests.Gradients;

namespace PerceptionStudy.Synthesis.Tests.Graphs;

/// <summary>
/// Damaged models through the door that all models come through: a synthesis host opens each, lists its stages and tries every rule. It may
/// answer with stages or with a sentence; an unexpected exception, a dead or a silent host is a defect. ONNX Runtime is in the host, so that
/// even a crash of its native code is seen and named, and is survived; a model that asks for enormous tensors is stopped at the host's limit
/// of memory, which is a sentence too.
/// </summary>
internal static partial class ImportFuzz
{
    /// <summary>What became of the cases.</summary>
    public sealed record Outcome(int Cases, int Opened, int Refused, IReadOnlyList<string> Defects);

    /// <param name="cases">Number of models.</param>
    /// <param name="seed">The same seed makes the same models.</param>
    /// <param name="folder">Where they are written; that of a defect is kept as <c>defect-N.onnx</c>.</param>
    /// <param name="report">Told how far it has come.</param>
    public static async Task<Outcome> RunAsync(int cases, int seed, string folder, Action<string>? report = null)
    {
        await using var host = new SynthesisHostProcess(new SynthesisHostOptions { TimeLimit = TimeSpan.FromSeconds(60), CancelGrace = TimeSpan.FromSeconds(1), MemoryLimitBytes = 3L << 30, Threads = 1 });
        var originals = Originals();
        var defects = new List<string>();
        var (opened, refused) = (0, 0);
        for (var i = 0; i < cases; i++)
        {
            var random = new Random(HashCode(seed, i));
            var file = ModelMutation.Mutate(originals[random.Next(originals.Count)], random);
            var path = Path.Combine(folder, "case.onnx");
            await File.WriteAllBytesAsync(path, file);
            try
            {
                await host.CallAsync<ModelDescription>(new InspectModel(path));
                opened++;
            }
            catch (SynthesisException e) when (!IsDefect(e.Message))
            {
                refused++;
            }
            catch (SynthesisException e)
            {
                File.Copy(path, Path.Combine(folder, $"defect-{i}.onnx"), overwrite: true);
                defects.Add($"case {i} of seed {seed}: {e.Message}");
            }
            if (i % 1000 == 999)
                report?.Invoke($"{i + 1} cases: {opened} opened, {refused} refused, {defects.Count} defects");
        }
        return new(cases, opened, refused, defects);
    }

    // A model of every operator that has a rule or a decomposition, the networks of the demo, all architectures as exporters write them, and small ones.
    private static List<byte[]> Originals() =>
    [
        .. RuleCases.All.Select(c => c.Model(Array.FindIndex(c.Operands, o => o.Differentiable)).Model.Proto.ToByteArray()),
        .. from folder in new[] { "demo/models", "tests/Synthesis.Tests/Architectures/References" }
           from file in Directory.GetFiles(Path.Combine(Repository.Root, folder), "*.onnx").Order(StringComparer.Ordinal) select File.ReadAllBytes(file),
        .. from network in Networks.All.Values from copy in Enumerable.Range(0, 20) select network.Build(1).Proto.ToByteArray(),
    ];

    // A sentence begins with no name of an exception, and the host neither ended nor fell silent.
    private static bool IsDefect(string message) =>
        ExceptionName().IsMatch(message) || message.StartsWith("The synthesis host", StringComparison.Ordinal) || message.StartsWith("The request took", StringComparison.Ordinal);

    // Deterministic, other than System.HashCode.
    private static int HashCode(int seed, int number) => unchecked((seed * 486187739 + number) * 16777619);

    [GeneratedRegex(@"^\w*Exception: ")]
    private static partial Regex ExceptionName();
}
