namespace PerceptionStudy.Synthesis.Tests;

/// <summary>Where the repository and the reference data beside it are.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>A file of the reference data; it may be absent.</summary>
    public static string Reference(params string[] path) => Path.Combine([Root, "..", "shared", "reference", .. path]);

    private static string FindRoot()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "PerceptionStudy.sln")))
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("The tests run outside the repository.");
        return folder;
    }
}
