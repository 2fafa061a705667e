// How near staircase, QUEST+ and constant stimuli come to the level of a criterion, over the same simulated observers at equally many trials.
// Writes the table into docs/ADAPTIVE.md, between its marks.
using System.Globalization;
using System.Text;
using PerceptionStudy.Server.Analysis.Simulation;
using PerceptionStudy.Server.Studies;

const int Choices = 16, Seed = 2026;
const string Begin = "<!-- table -->", End = "<!-- end of table -->";
var observers = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 2000;

var staircase = new AdaptiveSettings { Method = AdaptiveMethod.Staircase, RightInARow = 2 };
var criterion = staircase.CriterionOfMethod;
(string Name, AdaptiveSettings Settings)[] methods =
[
    ("constant stimuli", new AdaptiveSettings()),
    ("staircase, 1 up 2 down", staircase),
    ("QUEST+", new AdaptiveSettings { Method = AdaptiveMethod.QuestPlus, Criterion = criterion }),
];

var table = new StringBuilder("| levels | trials | method | bias | SD | RMSE | truth in the 95 % interval | observers without an estimate |\n|---|---|---|---|---|---|---|---|\n");
// Eight as the stages of a network have them, five as loss levels from a sixteenth to a half beside the finished metamer.
foreach (var (levels, trials) in from levels in (int[])[8, 5] from trials in (int[])[24, 48, 96] select (levels, trials))
{
    var people = LoopSimulation.Observers(observers, levels, 1.0 / Choices, Seed);
    foreach (var (name, settings) in methods)
    {
        var a = LoopSimulation.Run(DesignOf(settings), levels, criterion, trials, people, Seed + trials);
        table.Append(CultureInfo.InvariantCulture, $"| {levels} | {trials} | {name} | {a.Bias:+0.00;-0.00;0.00} | {a.Sd:0.00} | {a.Rmse:0.00} | {100 * a.Covered:0.0} % | {a.WithoutEstimate} |\n");
        Console.WriteLine($"{levels} levels, {trials} trials, {name}: {a}");
    }
}

var file = Path.Combine(Root(), "docs", "ADAPTIVE.md");
var text = File.ReadAllText(file);
var (from, to) = (text.IndexOf(Begin, StringComparison.Ordinal) + Begin.Length, text.IndexOf(End, StringComparison.Ordinal));
File.WriteAllText(file, text[..from] + "\n" + table + text[to..]);

static StudyDesign DesignOf(AdaptiveSettings adaptive) => new()
{
    Title = "", Consent = "", Instructions = "", Thanks = "", Categories = [.. Enumerable.Range(0, Choices).Select(n => $"{n}")], Conditions = [], NaturalStimuli = [], PracticeStimuli = [], Adaptive = adaptive,
};

static string Root()
{
    var folder = AppContext.BaseDirectory;
    while (!File.Exists(Path.Combine(folder, "PerceptionStudy.sln"))) folder = Path.GetDirectoryName(folder) ?? throw new DirectoryNotFoundException("Run it inside the repository.");
    return folder;
}
