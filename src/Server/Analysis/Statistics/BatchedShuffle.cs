using PerceptionStudy.Server.Participation;

namespace PerceptionStudy.Server.Analysis.Statistics;

/// <summary>
/// Fisher and Yates's shuffle that draws several places from one 64-bit number (Brackett-Rozinsky and Lemire 2024): the product's upper half is the
/// place, its lower half serves the next. A number is given up when more than 2³² arrangements have been drawn from it, so that no arrangement is
/// favoured by more than 2⁻³².
/// </summary>
internal sealed class BatchedShuffle(int seed)
{
    private readonly SequenceRandom random = new(seed);

    public void Shuffle<T>(T[] items)
    {
        ulong bits = 0, arrangements = ulong.MaxValue;
        for (var last = items.Length - 1; last > 0; last--)
        {
            var places = (ulong)last + 1;
            if (arrangements > uint.MaxValue / places) (bits, arrangements) = (random.Next(), 1);
            arrangements *= places;
            var other = (int)Math.BigMul(bits, places, out bits);
            (items[last], items[other]) = (items[other], items[last]);
        }
    }
}
