namespace PerceptionStudy.Synthesis.Tests.Graphs;

/// <summary>A short run of <see cref="ImportFuzz"/>; <c>dotnet run --project tests/Synthesis.Tests -- fuzz-import 100000</c> is the long one.</summary>
public sealed class ImportFuzzTests : IDisposable
{
    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Damaged_models_are_opened_or_refused_with_a_sentence()
    {
        var outcome = await ImportFuzz.RunAsync(2000, seed: 1, folder.Path);
        Assert.True(outcome.Defects.Count == 0, string.Join("\n", outcome.Defects));
        // Neither all harmless nor all nonsense.
        Assert.InRange(outcome.Opened, 200, 1800);
        Assert.InRange(outcome.Refused, 200, 1800);
    }
}
