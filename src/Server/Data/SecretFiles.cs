namespace PerceptionStudy.Server.Data;

/// <summary>
/// Settings from files: a setting whose name ends in <c>_FILE</c> names a file that holds the value, as container platforms hand out secrets, for
/// example <c>ConnectionStrings__Postgres_FILE=/run/secrets/postgres</c>.
/// </summary>
public static class SecretFiles
{
    private const string Ending = "_FILE";

    /// <summary>Adds what the files hold; a line break at the end is not part of it.</summary>
    /// <exception cref="RefusedException">A file cannot be read.</exception>
    public static void AddSecretFiles(this IConfigurationManager configuration)
    {
        var read = new Dictionary<string, string?>();
        // Settings of ours that are secret belong to a section; whatever else the environment has is none of ours.
        foreach (var (name, path) in configuration.AsEnumerable().Where(s => s.Key.Contains(':', StringComparison.Ordinal) && s.Key.EndsWith(Ending, StringComparison.Ordinal) && !string.IsNullOrEmpty(s.Value)))
        {
            try
            {
                read[name[..^Ending.Length]] = File.ReadAllText(path!).TrimEnd('\r', '\n');
            }
            catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
            {
                throw new RefusedException($"The setting {name} names the file '{path}', which cannot be read: {problem.Message}", problem);
            }
        }
        configuration.AddInMemoryCollection(read);
    }
}
