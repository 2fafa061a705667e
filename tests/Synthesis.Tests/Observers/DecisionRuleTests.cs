using PerceptionStudy.Synthesis.FrontEnds;
using PerceptionStudy.Synthesis.Hosting;
using PerceptionStudy.Synthesis.Observers;

namespace PerceptionStudy.Synthesis.Tests.Observers;

public sealed class DecisionRuleTests
{
    private static readonly PicturePipeline Pipeline = new()
    {
        Classes = ["tabby", "siamese", "poodle", "toaster"],
        Categories = new() { ["cat"] = [0, 1], ["dog"] = [2] },
    };

    [Fact]
    public void First_hit_takes_the_highest_class_of_any_category_and_skips_the_others()
    {
        var answer = DecisionRule.Decide([1f, 1.4f, 1.5f, 9f], Pipeline);
        Assert.Equal(("dog", 3, "toaster"), (answer.Category, answer.ClassIndex, answer.ClassName));
        Assert.Equal(new Dictionary<string, float> { ["cat"] = 1.4f, ["dog"] = 1.5f }, answer.Scores);
    }

    [Fact]
    public void Mean_probability_averages_over_the_classes_of_a_category()
    {
        var mean = Pipeline with { Decision = "mean-probability" };
        // The highest single class is a cat's, but the mean over both cats is below the dog's.
        Assert.Equal("dog", DecisionRule.Decide([0.4f, 0.05f, 0.3f, 0.25f], mean).Category);
        Assert.Equal("cat", DecisionRule.Decide([0.4f, 0.05f, 0.3f, 0.25f], Pipeline).Category);
        // Logits 2, 0, 1: as they are, the means would be equal; as probabilities the cats have (e^2 + 1)/2 = 4.19 to e = 2.72.
        Assert.Equal("cat", DecisionRule.Decide([2f, 0f, 1f, 0f], mean).Category);
    }

    [Fact]
    public void Probabilities_are_told_from_logits()
    {
        Assert.True(DecisionRule.AreProbabilities([0.25f, 0.75f, 0f]));
        Assert.False(DecisionRule.AreProbabilities([0.25f, 0.70f, 0f]));
        Assert.False(DecisionRule.AreProbabilities([-0.25f, 1.25f]));
        Assert.False(DecisionRule.AreProbabilities([float.NaN, 1f]));
    }

    [Fact]
    public void A_model_that_gives_no_number_gives_no_answer() =>
        Assert.Contains("not a finite number", Assert.Throws<SynthesisException>(() => DecisionRule.Decide([0f, float.NaN, 1f, 0f], Pipeline)).Message, StringComparison.Ordinal);

    [Fact]
    public void Without_categories_the_class_itself_is_the_answer_by_name_or_number()
    {
        var named = DecisionRule.Decide([0f, 1f, 2f, 0f], Pipeline with { Categories = [] });
        Assert.Equal(("poodle", 2, "poodle"), (named.Category, named.ClassIndex, named.ClassName));
        Assert.Empty(named.Scores);
        Assert.Equal("2", DecisionRule.Decide([0f, 1f, 2f, 0f], new PicturePipeline()).Category);
    }

    [Fact]
    public void A_class_that_the_model_does_not_have_is_named() =>
        Assert.Equal("The category dog names class 2, but the model's last output has 2 classes (0 to 1).",
            Assert.Throws<SynthesisException>(() => DecisionRule.Decide([1f, 2f], Pipeline)).Message);
}
