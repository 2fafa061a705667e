using PerceptionStudy.Server.Stimuli;

namespace PerceptionStudy.Server.Commands.Demo;

/// <summary>The files of the demo as the repository holds them, copied beside the program by the build. Its README tells how they were made.</summary>
public sealed class DemoFolder(string path)
{
    /// <summary>Setting <c>DemoFolder</c>, by default <c>demo</c> beside the program.</summary>
    public static DemoFolder Of(IConfiguration configuration) => new(configuration["DemoFolder"] ?? System.IO.Path.Combine(AppContext.BaseDirectory, "demo"));

    public string Path { get; } = System.IO.Path.GetFullPath(path);

    public bool Exists => Pictures.Exists;

    /// <summary>What is seen.</summary>
    public DemoPart Pictures => new(Path, StimulusMedium.Picture);

    /// <summary>What is heard; a demo may be without it.</summary>
    public DemoPart Words => new(System.IO.Path.Combine(Path, "words"), StimulusMedium.Sound);

    /// <summary>The parts that are there.</summary>
    public IEnumerable<DemoPart> Parts => new[] { Pictures, Words }.Where(part => part.Exists);
}
