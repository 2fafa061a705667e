using System.Globalization;
using PerceptionStudy.Bench.GradientStep;

Subject Named(string word) => Subject.Steps.Concat(Subject.Truncations).First(s => s.Name.Contains(word, StringComparison.OrdinalIgnoreCase));
int[] Numbers(string text) => [.. text.Split(',').Select(int.Parse)];
double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

switch (args)
{
    case ["report", var file, var seconds, var threads]:
        Report.Write(file, Number(seconds), Numbers(threads));
        return 0;
    case ["step", var word, var batch, var threads, var seconds]:
        foreach (var time in Comparison.Run(Named(word), long.Parse(batch), Numbers(threads), Number(seconds)))
            Console.WriteLine($"{time}, ratio {time.Ratio:0.000}, in processor time {time.CpuRatio:0.000}");
        return 0;
    case ["profile", var word, var batch, var threads]:
        Profile.Print(Named(word), long.Parse(batch), int.Parse(threads));
        return 0;
    case ["peak", var side, var name, var batch, var stage, var file]:
        PeakMemory.Measure(side, Named(name), long.Parse(batch), stage, file);
        return 0;
    default:
        Console.Error.WriteLine("Use: report FILE SECONDS THREADS,... | step NET BATCH THREADS,... SECONDS | profile NET BATCH THREADS");
        return 2;
}
