using CsCheck;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Tests.Participation;

public class CellAssignmentTests
{
    /// <summary>Sessions that run beside each other: each begins with what is given out at that moment, and ends completed or left.</summary>
    private static Dictionary<TrialCell, int> Run(DrawCase c, int places, int atOnce, double leaving, int seed, Action<Dictionary<TrialCell, int>, int>? afterStart = null)
    {
        var chance = new Random(seed);
        var given = new Dictionary<TrialCell, int>();
        var completed = new Dictionary<TrialCell, int>();
        var running = new List<IReadOnlyList<TrialCell>>();
        var done = 0;
        while (done < places)
        {
            while (running.Count < atOnce && running.Count + done < places)
            {
                var cells = CellAssignment.Draw(c.Design, c.Stimuli, given, new SequenceRandom(chance.Next()));
                running.Add(cells);
                foreach (var cell in cells) given[cell] = given.GetValueOrDefault(cell) + 1;
                afterStart?.Invoke(given, running.Count + done);
            }
            var ended = running[chance.Next(running.Count)];
            running.Remove(ended);
            if (chance.NextDouble() < leaving)
            {
                foreach (var cell in ended) given[cell]--;
                continue;
            }
            done++;
            foreach (var cell in ended) completed[cell] = completed.GetValueOrDefault(cell) + 1;
        }
        return completed;
    }

    private static int Spread(DrawCase c, Dictionary<TrialCell, int> counts)
    {
        var all = c.Design.NaturalStimuli.SelectMany(n => c.Design.Conditions.Select(k => counts.GetValueOrDefault(new TrialCell(n, k)))).ToList();
        return all.Max() - all.Min();
    }

    [Fact]
    public void Without_anybody_leaving_cells_differ_by_one_at_most_at_any_time() =>
        Gen.Select(Gen.Int[2, 6], Gen.Int[1, 4], Gen.Int[1, 6], Gen.Int).Sample((categories, each, stages, seed) =>
        {
            var c = DrawCase.Make(categories, each, 0, stages, categories * each, 0, 0, seed);
            Run(c, places: 4 * (stages + 1), atOnce: 1, leaving: 0, seed, (given, _) => Assert.InRange(Spread(c, given), 0, 1));
        }, iter: 60);

    [Theory]
    [InlineData(4, 3, 2, 12, 60)]
    [InlineData(4, 3, 2, 12, 61)]
    [InlineData(6, 4, 5, 24, 100)]
    [InlineData(8, 3, 12, 24, 130)]
    [InlineData(16, 6, 12, 40, 65)]
    [InlineData(5, 6, 6, 20, 150)]
    public void With_a_quarter_leaving_and_fifty_at_once_completed_cells_differ_by_one_at_most(int categories, int each, int stages, int trials, int places)
    {
        for (var seed = 0; seed < 2; seed++)
        {
            var c = DrawCase.Make(categories, each, 0, stages, trials, 0, 0, seed);
            var completed = Run(c, places, atOnce: 50, leaving: 0.25, seed);
            Assert.InRange(Spread(c, completed), 0, 1);
        }
    }
}
