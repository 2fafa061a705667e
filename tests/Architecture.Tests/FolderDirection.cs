using NetArchTest.Rules;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Architecture.Tests;

/// <summary>The server's feature folders depend on each other in one direction: the order of a study's life.</summary>
public class FolderDirection
{
    private static readonly string[] InOrderOfAStudysLife =
        ["Accounts", "Models", "Stimuli", "Campaigns", "Studies", "Participation", "Analysis", "Export"];

    // Pages are shown inside the admin layout, and every feature reads the database: Data, Admin, Operation and Commands are the composition.
    public static TheoryData<string> Features => [.. InOrderOfAStudysLife];

    [Theory, MemberData(nameof(Features))]
    public void A_feature_uses_only_the_features_above_it(string feature)
    {
        var below = InOrderOfAStudysLife[(Array.IndexOf(InOrderOfAStudysLife, feature) + 1)..]
            .Select(name => $"PerceptionStudy.Server.{name}").Append("PerceptionStudy.Server.Operation").Append("PerceptionStudy.Server.Commands").ToArray();

        var result = Types.InAssembly(typeof(StudyDb).Assembly)
            .That().ResideInNamespaceStartingWith($"PerceptionStudy.Server.{feature}")
            .ShouldNot().HaveDependencyOnAny(below).GetResult();

        Assert.True(result.IsSuccessful, $"{feature} must not use what comes after it: {string.Join(", ", result.FailingTypeNames ?? [])}");
    }

    [Fact]
    public void Every_feature_folder_is_in_the_order()
    {
        var namespaces = typeof(StudyDb).Assembly.GetTypes()
            .Select(t => t.Namespace ?? "").Where(n => n.StartsWith("PerceptionStudy.Server.", StringComparison.Ordinal))
            .Select(n => n.Split('.')[2]).Distinct();

        Assert.Empty(namespaces.Except([.. InOrderOfAStudysLife, "Data", "Admin", "Operation", "Commands"]));
    }

    [Fact]
    public void The_client_knows_neither_server_nor_synthesis()
    {
        var references = typeof(Client._Imports).Assembly.GetReferencedAssemblies().Select(a => a.Name!);
        Assert.DoesNotContain(references, name => name is "PerceptionStudy.Server" or "PerceptionStudy.Synthesis");
    }

    [Fact]
    public void Synthesis_and_Shared_stand_alone()
    {
        var synthesis = typeof(Synthesis.Hosting.SynthesisRequest).Assembly.GetReferencedAssemblies().Select(a => a.Name!);
        Assert.DoesNotContain(synthesis, name => name.StartsWith("PerceptionStudy.", StringComparison.Ordinal) || name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal));
    }
}
