using PerceptionStudy.Synthesis.Hosting;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace PerceptionStudy.Synthesis.Tests;

/// <summary>Runs the tests; with the argument <c>synthesis-host</c> it is the child process that the tests start.</summary>
public static class TestProgram
{
    public static async Task<int> Main(string[] args)
    {
        if (args is ["synthesis-host", ..])
        {
            await SynthesisHost.ServeProcessAsync();
            return 0;
        }
        return args.Contains("--server") || args.Contains("--internal-msbuild-node")
            ? await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions)
            : await ConsoleRunner.Run(args);
    }
}
