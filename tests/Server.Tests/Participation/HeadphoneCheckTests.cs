using PerceptionStudy.Server.Participation;
using PerceptionStudy.Shared.Sessions;

namespace PerceptionStudy.Server.Tests.Participation;

public sealed class HeadphoneCheckTests
{
    private const double Decibels6 = 1.9953;

    [Fact]
    public void Each_round_has_one_quieter_tone_and_another_one_in_antiphase()
    {
        for (var seed = 0; seed < 200; seed++)
        {
            var rounds = HeadphoneCheck.Plan(seed).Rounds;
            Assert.Equal(6, rounds.Length);
            foreach (var tones in rounds.Select(r => r.Tones))
            {
                Assert.Equal(3, tones.Length);
                var loud = tones.Max(t => t.Left);
                var quiet = Assert.Single(tones, t => t.Left < loud);
                Assert.Equal(loud / Decibels6, quiet.Left, 3);
                Assert.Equal(quiet.Left, quiet.Right);
                var antiphase = Assert.Single(tones, t => t.Right < 0);
                Assert.Equal((loud, -loud), (antiphase.Left, antiphase.Right));
            }
            // Every place is the quietest twice.
            Assert.Equal([1, 1, 2, 2, 3, 3], rounds.Select(r => 1 + Array.FindIndex(r.Tones, t => t.Left < r.Tones.Max(o => o.Left))).Order());
        }
        Assert.True(Enumerable.Range(0, 200).Select(seed => string.Join(' ', HeadphoneCheck.Plan(seed).Rounds.SelectMany(r => r.Tones))).Distinct().Count() > 180);
    }

    [Fact]
    public void Its_tones_are_as_loud_as_the_sounds_of_the_study()
    {
        // The RMS of a sine is its amplitude divided by the root of two.
        foreach (var (plan, rms) in ((HeadphoneCheckPlan, double)[])[(HeadphoneCheck.Plan(7), 0.1), (HeadphoneCheck.Plan(7, 0.02), 0.02)])
            Assert.All(plan.Rounds, r => Assert.Equal(rms, r.Tones.Max(t => t.Left) / Math.Sqrt(2), 5));
    }

    [Fact]
    public void Who_hears_each_channel_by_itself_gets_all_and_who_hears_their_sum_none()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var rounds = HeadphoneCheck.Plan(seed).Rounds;
            Assert.Equal(6, HeadphoneCheck.Score(seed, Listen(rounds, t => t.Left * t.Left + t.Right * t.Right)));
            Assert.Equal(0, HeadphoneCheck.Score(seed, Listen(rounds, t => (t.Left + t.Right) * (t.Left + t.Right))));
        }
        static int[] Listen(ToneRound[] rounds, Func<Tone, double> power) => [.. rounds.Select(r => 1 + r.Tones.Select(power).ToList().IndexOf(r.Tones.Min(power)))];
    }

    [Theory]
    [InlineData]
    [InlineData(1, 2, 3, 1, 2)]
    [InlineData(1, 2, 3, 1, 2, 4)]
    [InlineData(0, 2, 3, 1, 2, 3)]
    public void Other_answers_have_no_score(params int[] answers) => Assert.Null(HeadphoneCheck.Score(7, answers));
}
