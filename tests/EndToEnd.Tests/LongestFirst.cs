using PerceptionStudy.EndToEnd.Tests;
using PerceptionStudy.EndToEnd.Tests.Operation;
using Xunit.Sdk;
using Xunit.v3;

[assembly: TestCollectionOrderer(typeof(LongestFirst))]

namespace PerceptionStudy.EndToEnd.Tests;

/// <summary>Begins with the classes that take minutes, so that at the end none of them runs by itself beside an idle core.</summary>
public sealed class LongestFirst : ITestCollectionOrderer
{
    private static readonly string[] Long = [nameof(SessionFaultTests), nameof(RealNetworkTests), nameof(CrawlTests)];

    public IReadOnlyCollection<TTestCollection> OrderTestCollections<TTestCollection>(IReadOnlyCollection<TTestCollection> testCollections) where TTestCollection : ITestCollection =>
        [.. testCollections.OrderByDescending(c => Long.Any(name => c.TestCollectionDisplayName.Contains(name, StringComparison.Ordinal)))];
}
