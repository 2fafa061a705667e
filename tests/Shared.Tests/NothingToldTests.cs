using System.Reflection;

namespace PerceptionStudy.Shared.Tests;

/// <summary>What a participant's browser gets cannot hold what it must not know: no type has a place for it.</summary>
public sealed class NothingToldTests
{
    private static readonly string[] Forbidden = ["correct", "condition", "stage", "model", "category", "catch"];

    // The receipt of a practice trial says what was right: after the answer is stored, and only there.
    private static readonly string[] Exempt = ["ResponseReceipt.CorrectChoice"];

    [Fact]
    public void No_member_is_named_after_something_that_stays_on_the_server()
    {
        const BindingFlags everything = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        var members = typeof(WireJson).Assembly.GetTypes()
            .Where(t => t.Namespace?.StartsWith("PerceptionStudy.Shared", StringComparison.Ordinal) == true && t != typeof(WireJson) && t.DeclaringType != typeof(WireJson))
            .SelectMany(t => t.GetMembers(everything).Where(m => m is PropertyInfo or FieldInfo { IsStatic: true }).Select(m => $"{t.Name}.{m.Name}").Prepend(t.Name))
            .ToArray();

        Assert.Contains("TrialPresentation.StimulusAddress", members);
        Assert.Contains("SessionProgress.Expired", members);
        Assert.Equal(Exempt, members.Where(m => Forbidden.Any(word => m.Contains(word, StringComparison.OrdinalIgnoreCase))));
    }
}
