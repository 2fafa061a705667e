namespace PerceptionStudy.Server.Studies;

/// <summary>Conditions of which the same is to be said, as the beginning of one sentence.</summary>
internal static class ConditionNames
{
    private const int Named = 2;

    /// <summary>For example <c>'a' has</c>, <c>'a' and 'b' have</c>, <c>'a', 'b' and 5 more have</c>.</summary>
    /// <param name="names">At least one.</param>
    public static string Have(IReadOnlyList<string> names) => names.Count switch
    {
        1 => $"'{names[0]}' has",
        Named => $"'{names[0]}' and '{names[1]}' have",
        _ => $"{string.Join(", ", names.Take(Named).Select(n => $"'{n}'"))} and {names.Count - Named} more have",
    };
}
