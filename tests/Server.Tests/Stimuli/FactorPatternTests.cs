using PerceptionStudy.Server.Stimuli;

namespace PerceptionStudy.Server.Tests.Stimuli;

public sealed class FactorPatternTests
{
    [Theory]
    [InlineData("{model}/{stage}/{category}_{name}.png", "out/alexnet/conv1/cat_cat_12.png", "alexnet conv1 cat cat_12 -")]
    [InlineData("{stage}/{name}_s{seed}.PNG", "relu2/bear-1_s07.png", "- relu2 - bear-1 7")]
    [InlineData("{*}_{stage}_{name}.png", "x_y_z.png", "- y - z -")]
    [InlineData("{name}.{stage}.png", "a.b/dog.1.conv(1).png", "- 1.conv(1) - dog -")]
    public void Parts_are_read_from_the_end_of_the_path(string pattern, string path, string expected)
    {
        var read = new FactorPattern(pattern).Read(path)!;
        Assert.Equal(expected, $"{read.Model ?? "-"} {read.Stage ?? "-"} {read.Category ?? "-"} {read.Name ?? "-"} {read.Seed?.ToString() ?? "-"}");
    }

    [Theory]
    [InlineData("{model}/{stage}/{name}.png", "conv1/cat.png")]
    [InlineData("{stage}/{name}.png", "conv1/cat.jpg")]
    [InlineData("{stage}/{name}_s{seed}.png", "conv1/cat_sx.png")]
    [InlineData("stage/{name}.png", "mystage/cat.png")]
    public void What_does_not_fit_is_nothing(string pattern, string path) => Assert.Null(new FactorPattern(pattern).Read(path));

    [Theory]
    [InlineData("", "Write a pattern")]
    [InlineData("{layer}/{name}.png", "There is no part {layer}: the parts are {model}, {stage}, {category}, {name}, {seed} and {*}.")]
    [InlineData("{name}/{name}.png", "The part {name} stands twice")]
    [InlineData("{name/x.png", "A brace in the pattern is not closed")]
    public void A_pattern_that_cannot_be_used_says_why(string pattern, string sentence) =>
        Assert.Contains(sentence, Assert.Throws<FormatException>(() => new FactorPattern(pattern)).Message);

    [Fact]
    public void The_layout_of_the_published_program()
    {
        const string Run = "model_analysis_folders/visual_networks/alexnet/metamers/400_16_class_imagenet_val_inversion_loss_layer_RS0_I3000_N8";
        BatchFile[] files =
        [
            File($"{Run}/12_SOUND_airplane/0_layer_input_after_preproc_synth.png"), File($"{Run}/12_SOUND_airplane/3_layer_relu2_synth.png"), File($"{Run}/12_SOUND_airplane/orig.png"),
            File($"{Run}/12_SOUND_airplane/3_layer_relu2_image_optimization.png"), File($"{Run}/7_SOUND_bear/3_layer_relu2_synth.png"),
        ];
        var preview = ImportPreview.Of(files, ImportLayout.Feather2023);
        Assert.Equal(
            [("alexnet", "input_after_preproc", "airplane", "12", 0), ("alexnet", "relu2", "airplane", "12", 0), ("alexnet", "relu2", "bear", "7", 0)],
            preview.Metamers.Select(m => (m.Factors.Model, m.Factors.Stage, m.Factors.Category, m.Factors.Name, m.Factors.Seed)!));
        Assert.Equal(("airplane", "12"), (preview.Naturals.Single().Factors.Category, preview.Naturals.Single().Factors.Name));
        Assert.EndsWith("image_optimization.png", Assert.Single(preview.Others));
        Assert.Equal([new NamedStage("alexnet", "input_after_preproc"), new NamedStage("alexnet", "relu2")], preview.Stages);
    }

    [Theory]
    [InlineData("{model}/{name}.png", "", "needs the part {stage}")]
    [InlineData("{stage}/{seed}.png", "", "needs the part {name}")]
    [InlineData("{stage}/{name}.png", "{name}.png", "The pattern of the natural stimuli needs the parts {category} and {name}.")]
    public void A_layout_that_tells_too_little_says_so(string metamers, string naturals, string sentence) =>
        Assert.Contains(sentence, Assert.Throws<FormatException>(() => ImportPreview.Of([], new ImportLayout("", metamers, naturals))).Message);

    private static BatchFile File(string entry) => new(entry, null, "");
}
