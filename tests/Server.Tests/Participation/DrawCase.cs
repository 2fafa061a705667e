using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Tests.Participation;

/// <summary>A design with its stimuli and a seed, without a database: what the drawing of trials takes.</summary>
public sealed record DrawCase(StudyDesign Design, TrialStimuli Stimuli, int Seed)
{
    /// <summary>Natural stimuli go round the categories; every so manyth cell has no metamer if there shall be holes.</summary>
    public static DrawCase Make(int categories, int each, int practice, int stages, int trials, int catches, int holes, int seed)
    {
        var names = Enumerable.Range(0, categories).Select(c => $"category{c}").ToArray();
        var naturals = Enumerable.Range(0, categories * each).ToDictionary(Id, n => names[n % categories]);
        var practiceStimuli = Enumerable.Range(0, practice).ToDictionary(n => Id(10_000 + n), n => names[n % categories]);
        var model = Id(50_000);
        StudyCondition[] conditions = [new(null, null), .. Enumerable.Range(0, stages).Select(s => new StudyCondition(model, Id(60_000 + s)))];
        // Every so manyth cell has no accepted metamer.
        var metamers = naturals.Keys.SelectMany((natural, n) => conditions.Where(c => !c.IsNatural).Select((condition, s) => (natural, condition, k: n * stages + s)))
            .Where(cell => holes == 0 || cell.k % (holes + 2) != 0)
            .ToDictionary(cell => new TrialCell(cell.natural, cell.condition), cell => Id(100_000 + cell.k));
        var design = new StudyDesign
        {
            Title = "t", Consent = "c", Instructions = "i", Thanks = "t",
            Categories = names,
            Conditions = conditions,
            NaturalStimuli = [.. naturals.Keys],
            PracticeStimuli = [.. practiceStimuli.Keys],
            Metamers = [.. metamers.Values],
            MainTrials = trials,
            CatchTrials = catches,
        };
        return new DrawCase(design, new TrialStimuli(naturals.Concat(practiceStimuli).ToDictionary(), metamers), seed);
    }

    public static Guid Id(int number) => new(unchecked(number * (int)2654435761), (short)number, 7, 1, 2, 3, 4, 5, 6, 7, (byte)(number >> 16));
}
