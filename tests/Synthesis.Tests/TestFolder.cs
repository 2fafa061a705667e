namespace PerceptionStudy.Synthesis.Tests;

/// <summary>A folder of its own for one test, removed afterwards; and where the reference data are, if they are.</summary>
public sealed class TestFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("synthesis-tests-").FullName;

    public string this[string name] => System.IO.Path.Combine(Path, name);

    /// <summary>../shared beside the repository, or null.</summary>
    public static string? Shared { get; } = FindShared();

    /// <summary>A path under ../shared; the test is skipped where it is absent.</summary>
    public static string NeedShared(params string[] parts)
    {
        Assert.SkipUnless(Shared is not null, "needs the reference data in ../shared beside the repository");
        var path = System.IO.Path.Combine([Shared!, .. parts]);
        Assert.SkipUnless(Exists(path), $"needs {string.Join('/', parts)} in ../shared");
        return path;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);

    private static bool Exists(string path) => File.Exists(path) || Directory.Exists(path);

    private static string? FindShared()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "PerceptionStudy.sln")))
            {
                // A git worktree may lie deeper than the main checkout: look beside every folder above.
                for (var above = folder.Parent; above is not null; above = above.Parent)
                    if (Directory.Exists(System.IO.Path.Combine(above.FullName, "shared", "reference")))
                        return System.IO.Path.Combine(above.FullName, "shared");
                return null;
            }
        return null;
    }
}
