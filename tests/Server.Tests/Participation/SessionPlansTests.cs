using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Shared.Sessions;

namespace PerceptionStudy.Server.Tests.Participation;

public sealed class SessionPlansTests
{
    private static readonly StudyDesign Design = new()
    {
        Title = "", Consent = "", Instructions = "", Thanks = "", Categories = TestStudy.SixteenCategories, Conditions = [], NaturalStimuli = [], PracticeStimuli = [],
    };

    [Fact]
    public void Choices_lie_in_the_order_of_the_categories() => Assert.Equal(Design.Categories, SessionPlans.Choices(Design, seed: 7));

    [Fact]
    public void Each_participant_can_have_an_order_that_the_seed_decides()
    {
        var design = Design with { Response = new() { OrderPerParticipant = true } };
        var order = SessionPlans.Choices(design, seed: 7);
        Assert.Equal(order, SessionPlans.Choices(design, seed: 7));
        Assert.NotEqual(order, SessionPlans.Choices(design, seed: 8));
        Assert.NotEqual(design.Categories, order);
        Assert.Equal(design.Categories, order.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_list_of_words_does_not_tell_the_categories()
    {
        var design = Design with { Response = new() { Format = AnswerFormat.Word, ExtraWords = ["zebra", "ant", "cat"] } };
        Assert.Equal(["airplane", "ant", "bear"], SessionPlans.Choices(design, seed: 7).Take(3));
        Assert.Equal(18, SessionPlans.Choices(design, seed: 7).Length);
    }
}
