namespace PerceptionStudy.Server.Tests.Data;

/// <summary>What is measured is the program, and whatever else the machine does in these seconds: the best of three attempts decides.</summary>
internal static class Measured
{
    private const int Attempts = 3;

    /// <summary>Measures until the figures are as they should be, at most three times.</summary>
    /// <param name="what">What is measured.</param>
    /// <param name="attempt">Measures once: whether the figures are good, and the figures. What has to hold whatever the machine does it asserts by itself.</param>
    public static async Task OneOfThreeAsync(string what, Func<Task<(bool Good, string Figures)>> attempt)
    {
        for (var all = new List<string>(); ;)
        {
            var (good, figures) = await attempt();
            TestContext.Current.TestOutputHelper?.WriteLine($"{what}: {figures}");
            if (good) return;
            all.Add(figures);
            Assert.True(all.Count < Attempts, $"{what}, in {Attempts} attempts: {string.Join(" | ", all)}");
        }
    }
}
