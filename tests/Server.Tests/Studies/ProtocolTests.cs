using PerceptionStudy.Server.Studies;
using PerceptionStudy.Server.Tests.Participation;
using PerceptionStudy.Shared.Sessions;

namespace PerceptionStudy.Server.Tests.Studies;

/// <summary>The numbers of the published protocols, against what their repositories say.</summary>
public sealed class ProtocolTests
{
    private readonly StudyWorld world = StudyWorld.Create(TestStudy.SixteenCategories, perCategory: 3);

    [Fact]
    public void Feather_2023_has_its_published_numbers()
    {
        Assert.Equal((400, 16), Protocol.Feather2023.Fit(500));
        var design = Draft(Protocol.Feather2023);
        Assert.Equal(new TrialDurations { BlankMs = 500, FixationMs = 300, StimulusMs = 300, MaskMs = 300 }, design.Durations);
        Assert.Equal((16, 224, MaskKind.PixelNoise), (design.CatchTrials, design.DisplaySizeCssPx, design.Display.Mask));
        Assert.Equal((AnswerFormat.Grid, null, false), (design.Response.Format, design.Response.TimeLimitMs, design.Response.OrderPerParticipant));
        Assert.Equal(TestStudy.SixteenCategories, design.Categories);
    }

    [Fact]
    public void The_laboratory_design_of_Geirhos_has_its_published_numbers()
    {
        var design = Draft(Protocol.GeirhosLab);
        Assert.Equal(new TrialDurations { BlankMs = 0, FixationMs = 300, StimulusMs = 200, MaskMs = 200 }, design.Durations);
        Assert.Equal((256, MaskKind.PinkNoise, 1500, 128), (design.DisplaySizeCssPx, design.Display.Mask, design.Response.TimeLimitMs, design.BreakEveryTrials));
    }

    [Fact]
    public void Those_two_can_be_published_at_once_and_the_blank_one_says_what_it_lacks()
    {
        Assert.All([Protocol.Feather2023, Protocol.GeirhosLab], p => Assert.DoesNotContain(DesignValidator.Validate(Draft(p), null, world.Material()), problem => problem.Blocking));
        var blank = DesignValidator.Validate(Draft(Protocol.Blank), null, world.Material()).Where(p => p.Blocking).Select(p => p.Field);
        Assert.Equal([DesignField.Consent, DesignField.Instructions, DesignField.Conditions], blank);
    }

    [Theory]
    [InlineData(48, 39, 9)]
    [InlineData(3, 3, 0)]
    [InlineData(0, 1, 0)]
    public void Fewer_stimuli_make_a_smaller_study(int naturals, int main, int practice) => Assert.Equal((main, practice), Protocol.Feather2023.Fit(naturals));

    private StudyDesign Draft(Protocol protocol)
    {
        var (main, practice) = protocol.Fit(world.NaturalSet.Stimuli.Count);
        return protocol.Apply(StudyTemplate.Draft(world.Material(), "A study", world.MetamerSets, main, practice));
    }
}
