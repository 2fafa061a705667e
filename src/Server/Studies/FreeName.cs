namespace PerceptionStudy.Server.Studies;

/// <summary>A name that nobody has yet: the wished one, or with a number behind it.</summary>
internal static class FreeName
{
    public static async Task<string> OfAsync(string wished, Func<string, Task<bool>> isTaken)
    {
        var name = wished;
        for (var n = 2; await isTaken(name); n++) name = $"{wished} ({n})";
        return name;
    }
}
