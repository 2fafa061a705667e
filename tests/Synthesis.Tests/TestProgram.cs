using System.Globalization;
using PerceptionStudy.Synthesis.Hosting;
using PerceptionStudy.Synthesis.Tests.Graphs;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace PerceptionStudy.Synthesis.Tests;

/// <summary>
/// Runs the tests; with the argument <c>synthesis-host</c> it is the child process that the tests start, with <c>fuzz-import CASES [SEED]</c>
/// it opens that many damaged models.
/// </summary>
public static class TestProgram
{
    public static async Task<int> Main(string[] args)
    {
        if (args is ["synthesis-host", ..])
        {
            await SynthesisHost.ServeProcessAsync();
            return 0;
        }
        if (args is ["fuzz-import", var cases, ..])
            return await FuzzAsync(int.Parse(cases, CultureInfo.InvariantCulture), args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 2);
        return args.Contains("--server") || args.Contains("--internal-msbuild-node")
            ? await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
            : await ConsoleRunner.Run(args);
    }

    private static async Task<int> FuzzAsync(int cases, int seed)
    {
        var folder = Directory.CreateTempSubdirectory("fuzz-import-").FullName;
        var outcome = await ImportFuzz.RunAsync(cases, seed, folder, Console.WriteLine);
        Console.WriteLine($"{outcome.Cases} cases of seed {seed}: {outcome.Opened} opened, {outcome.Refused} refused, {outcome.Defects.Count} defects.");
        foreach (var defect in outcome.Defects)
            Console.WriteLine(defect);
        if (outcome.Defects.Count > 0)
            Console.WriteLine($"Their files are in {folder}.");
        else
            Directory.Delete(folder, recursive: true);
        return outcome.Defects.Count == 0 ? 0 : 1;
    }
}
