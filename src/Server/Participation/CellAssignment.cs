using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Participation;

/// <summary>
/// Chooses which natural stimuli a session shows, and each in which condition. Within the session: every natural stimulus at most once,
/// categories and conditions equally often (within one). Over the sessions, in this order: what was shown least comes first, then the condition
/// that was drawn least, then the cell (stimulus and condition) that was given out least; ties are left to the seed.
/// <para>
/// It is a cheapest flow from the categories over the stimuli and the conditions. One pick of a fuller cell costs more than any number of
/// picks of emptier ones: so no cell rises above the others as long as anything else can be drawn. Where every session shows every stimulus,
/// the number of conditions divides the number of trials and all metamers are there, no cell is ever given out more than ⌈n / conditions⌉
/// times, n being the largest number of sessions under way or completed at a time: the room below that level has equal row sums and equal
/// column sums, and such a table is a sum of possible plans (Birkhoff 1946), so one of them is always left. What people who leave give back is
/// below that level, and filled first.
/// </para>
/// </summary>
public static class CellAssignment
{
    // Fuller than this above the emptiest counts as equally full: more does not happen unless a design is changed by hand.
    private const int CellLevels = 4, RowLevels = 3;

    private const int MostChance = 256;

    /// <param name="design">Its natural stimuli, conditions and number of main trials are used.</param>
    /// <param name="stimuli">Categories, and the metamers that there are.</param>
    /// <param name="given">How often each cell was given out before; a missing cell counts as 0.</param>
    /// <param name="random">Decides ties.</param>
    /// <returns>The cells, in no particular order; fewer than asked for where a missing metamer's cell may not be drawn.</returns>
    public static IReadOnlyList<TrialCell> Draw(StudyDesign design, TrialStimuli stimuli, IReadOnlyDictionary<TrialCell, int> given, SequenceRandom random)
    {
        // Shuffled, because between equal ways the first one found is taken; ordered before, so that the design's order does not matter.
        var naturals = random.Shuffled(design.NaturalStimuli.Order());
        var conditions = random.Shuffled(design.Conditions.OrderBy(c => c.ModelId).ThenBy(c => c.StageId).ThenBy(c => c.LossLevel));
        var categories = naturals.GroupBy(id => stimuli.Categories[id]).ToArray();
        var cost = new Costs(design.MainTrials, naturals, conditions, given, random);

        // source, more | categories | stimuli | conditions | further, sink
        const int source = 0, more = 1, firstCategory = 2;
        var firstNatural = firstCategory + categories.Length;
        var firstCondition = firstNatural + naturals.Length;
        var further = firstCondition + conditions.Length;
        var sink = further + 1;
        var network = new MinCostFlow(sink + 1);

        var (each, extra) = EqualShares(categories, design.MainTrials);
        network.Add(source, more, extra, 0);
        var number = naturals.Index().ToDictionary(n => n.Item, n => n.Index);
        foreach (var (index, category) in categories.Index())
        {
            network.Add(source, firstCategory + index, Math.Min(each, category.Count()), 0);
            network.Add(more, firstCategory + index, 1, 0);
            foreach (var natural in category) network.Add(firstCategory + index, firstNatural + number[natural], 1, cost.OfStimulus(natural));
        }

        var arcs = new List<(TrialCell Cell, int Arc)>();
        foreach (var (n, natural) in naturals.Index())
        {
            foreach (var (c, condition) in conditions.Index())
            {
                var cell = new TrialCell(natural, condition);
                var missing = !condition.IsNatural && !design.OnDemand.Makes(condition) && !stimuli.Metamers.ContainsKey(cell);
                if (missing && design.Assignment.MissingMetamer == MissingMetamer.LeaveOut) continue;
                arcs.Add((cell, network.Add(firstNatural + n, firstCondition + c, 1, cost.OfCell(cell, missing))));
            }
        }

        foreach (var (c, condition) in conditions.Index())
        {
            network.Add(firstCondition + c, sink, design.MainTrials / conditions.Length, 0);
            network.Add(firstCondition + c, further, 1, cost.OfCondition(condition));
        }
        network.Add(further, sink, design.MainTrials % conditions.Length, 0);

        network.Send(source, sink, design.MainTrials);
        return [.. arcs.Where(a => network.Carries(a.Arc)).Select(a => a.Cell)];
    }

    /// <summary>How many stimuli every category gives at least, if it has so many, and how many more are taken, one from a category at most.</summary>
    private static (int Each, int Extra) EqualShares(IEnumerable<Guid>[] categories, int trials)
    {
        var sizes = categories.Select(c => c.Count()).ToArray();
        var each = 0;
        while (each < sizes.Max() && sizes.Sum(size => Math.Min(size, each + 1)) <= trials) each++;
        return (each, trials - sizes.Sum(size => Math.Min(size, each)));
    }

    /// <summary>One number for several aims: each aim has digits of its own, so wide that the sum over a session never reaches the next aim's.</summary>
    private sealed class Costs
    {
        private readonly int digit;
        private readonly SequenceRandom random;
        private readonly IReadOnlyDictionary<TrialCell, int> given;
        private readonly Dictionary<Guid, int> shown = [];
        private readonly Dictionary<StudyCondition, int> drawn = [];
        private readonly int leastGiven, leastShown, leastDrawn;

        public Costs(int trials, Guid[] naturals, StudyCondition[] conditions, IReadOnlyDictionary<TrialCell, int> given, SequenceRandom random)
        {
            (this.given, this.random) = (given, random);
            // 8 + digit for chance, 5 digits for cells, 8 + digit for conditions, 3 for stimuli: 126 bits up to 2,047 trials.
            digit = sizeof(int) * 8 - int.LeadingZeroCount(trials);
            if (digit > 11) throw new ArgumentException($"A session has at most 2,047 main trials, not {trials}.", nameof(trials));
            foreach (var (cell, count) in given)
            {
                shown[cell.NaturalStimulusId] = shown.GetValueOrDefault(cell.NaturalStimulusId) + count;
                drawn[cell.Condition] = drawn.GetValueOrDefault(cell.Condition) + count;
            }
            leastShown = naturals.Min(n => shown.GetValueOrDefault(n));
            leastDrawn = conditions.Min(c => drawn.GetValueOrDefault(c));
            leastGiven = naturals.Min(n => conditions.Min(c => given.GetValueOrDefault(new TrialCell(n, c))));
        }

        public Int128 OfCell(TrialCell cell, bool missing)
        {
            var level = missing ? CellLevels + 1 : Math.Min(given.GetValueOrDefault(cell) - leastGiven, CellLevels);
            return (level == 0 ? 0 : Int128.One << (8 + digit * level)) + random.Below(MostChance);
        }

        public Int128 OfStimulus(Guid natural)
        {
            var level = Math.Min(shown.GetValueOrDefault(natural) - leastShown, RowLevels);
            return level == 0 ? 0 : Int128.One << (16 + digit * (CellLevels + 2 + level));
        }

        public Int128 OfCondition(StudyCondition condition) =>
            (Int128)Math.Min(drawn.GetValueOrDefault(condition) - leastDrawn, 255) << (8 + digit * (CellLevels + 2));
    }
}
