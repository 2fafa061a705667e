using PerceptionStudy.Server.Analysis.Results;
using PerceptionStudy.Server.Analysis.Statistics;
using PerceptionStudy.Server.Stimuli;

namespace PerceptionStudy.Server.Tests.Analysis.Results;

public sealed class ResultsTextTests
{
    private static readonly StudyMethods Pictures = new("A study", [1, 2], ["cat", "dog"], StimulusMedium.Picture, DrawnChoices: null, StimulusMs: 300, FixationMs: 200, BlankMs: 500, MaskMs: 150,
        MainTrials: 40, CatchTrials: 2, Exclusions: [], Designs: [("version 2", "ab")], Models: [("net", "cd")]);

    private static readonly StudySummary Summary = StudySummary.Of(ResultsSource.Of([Trials.Of(1, true), Trials.Of(1, false, 1), Trials.Of(2, true), Trials.Of(2, true, 1)]), "A study");

    [Fact]
    public void The_methods_tell_what_a_participant_met()
    {
        var text = ResultsText.Methods(Pictures, Summary, []);
        Assert.StartsWith("2 participants took part in the 2-alternative forced-choice study \"A study\" (design version 1, 2) over the web. In each of 40 main trials and 2 catch trials "
            + "an empty screen (500 ms), a fixation cross (200 ms), the picture (300 ms) and a noise mask (150 ms) were followed by the choice among cat, dog. "
            + "Each participant saw each natural stimulus at most once, in one condition: natural, or as the metamer of one stage of net. 4 trials entered the analysis.", text, StringComparison.Ordinal);
        Assert.EndsWith("Design SHA-256: version 2 ab. Model SHA-256: net cd.", text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_design_leaves_out_is_not_told()
    {
        var text = ResultsText.Methods(Pictures with { BlankMs = 0, FixationMs = 0, MaskMs = 0, CatchTrials = 0 }, Summary, [new ResultLook { Participants = 2 }]);
        Assert.Contains("In each of 40 main trials the picture (300 ms) was followed by the choice among", text, StringComparison.Ordinal);
        Assert.Contains("Results were looked at 1 time while data came in, with 2 participants.", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_part_of_the_data_is_called_one() =>
        Assert.Contains("The analysis is of a part of the data: all versions, only trials whose timing is exact. 4 trials entered", ResultsText.Methods(Pictures with { Part = "all versions, only trials whose timing is exact" }, Summary, []), StringComparison.Ordinal);

    [Fact]
    public void Sounds_are_heard_and_have_no_mask()
    {
        var text = ResultsText.Methods(Pictures with { Medium = StimulusMedium.Sound, StimulusMs = 2000 }, Summary, []);
        Assert.Contains("an empty screen (500 ms), a fixation cross (200 ms) and the sound (played once, at most 2000 ms) were followed by the choice", text, StringComparison.Ordinal);
        Assert.Contains("Each participant heard each natural stimulus at most once", text, StringComparison.Ordinal);
        Assert.DoesNotContain("picture", text, StringComparison.Ordinal);
        Assert.DoesNotContain("saw", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Tests_are_written_as_APA_wants_them()
    {
        var effect = new AnovaEffect("observer:stage", 1, 8, 2, 304)
        {
            F = 12.346, P = 1e-9, PGreenhouseGeisser = .0449, Epsilon = new Sphericity(.5, .6, .125), PartialEtaSquared = .2449, Permutation = new PermutationP(10_000, 0, 1 / 10_001.0),
        };
        Assert.Equal("the interaction of observer and stage: F(8, 304) = 12.35, p(Greenhouse-Geisser, ε = .50) = .045, p(permutation) < .001, partial η² = .24", ResultsText.Effect(effect));
        Assert.Equal(("< .001", "= .001", "= .050"), (ResultsText.P(.00099), ResultsText.P(.001), ResultsText.P(.05)));
    }
}
