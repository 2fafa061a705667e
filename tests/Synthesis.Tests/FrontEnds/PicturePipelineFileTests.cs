using PerceptionStudy.Synthesis.FrontEnds;
using PerceptionStudy.Synthesis.Hosting;

namespace PerceptionStudy.Synthesis.Tests.FrontEnds;

public sealed class PicturePipelineFileTests : IDisposable
{
    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Classes_and_categories_may_stand_in_files_beside()
    {
        File.WriteAllText(folder["names.json"], """["a","b"]""");
        File.WriteAllText(folder["groups.json"], """{"letter":[0,1]}""");
        var pipeline = Read("""{"width":64,"height":32,"range":[0,255],"channels":"bgr","layout":"nhwc","mean":[1,2,3],"std":[4,5,6],"classes":"names.json","categories":"groups.json","decision":"mean-probability","crop":"squash"}""");
        Assert.Equal(["a", "b"], pipeline.Classes!);
        Assert.Equal([0, 1], pipeline.Categories["letter"]);
        Assert.Equal((64, 32, "bgr", "nhwc", "mean-probability", "squash"), (pipeline.Width, pipeline.Height, pipeline.Channels, pipeline.Layout, pipeline.Decision, pipeline.Crop));
        Assert.Equal([0, 255], pipeline.Range);
        Assert.Equal([4, 5, 6], pipeline.Std!);
    }

    [Fact]
    public void What_is_left_out_has_its_default()
    {
        var pipeline = Read("{}");
        Assert.Equal((224, 224, "centre-square", "rgb", "nchw", "first-hit"), (pipeline.Width, pipeline.Height, pipeline.Crop, pipeline.Channels, pipeline.Layout, pipeline.Decision));
        Assert.Equal(1, pipeline.CropFraction);
        Assert.Null(pipeline.Mean);
    }

    [Fact]
    public void Another_square_is_another_input()
    {
        var (all, middle) = (Read("{}"), Read("""{"cropFraction":0.875}"""));
        Assert.Equal(0.875, middle.CropFraction);
        Assert.NotEqual(PictureFrontEnd.Sha256(all), PictureFrontEnd.Sha256(middle));
    }

    [Theory]
    [InlineData("""{"widht":3}""", "has a member 'widht' that no picture pipeline has")]
    [InlineData("""{"width":"three"}""", "is not a picture pipeline: width has a value of the wrong kind.")]
    [InlineData("[]", "is not a picture or sound pipeline: it must be one JSON object.")]
    [InlineData("{", "is not JSON: ")]
    [InlineData("""{"classes":"no.json"}""", "There is no file ")]
    [InlineData("""{"layout":"hwc"}""", "layout 'hwc' is not known; take nchw or nhwc.")]
    [InlineData("""{"range":[1,0]}""", "range must be two numbers, the lower first")]
    [InlineData("""{"mean":[1,2]}""", "mean must be 3 numbers, one for each channel of rgb.")]
    [InlineData("""{"std":[1,0,2]}""", "std must be 3 numbers above 0")]
    [InlineData("""{"categories":{"cat":[1],"dog":[1]}}""", "class 1 belongs to more than one category (cat, dog).")]
    [InlineData("""{"categories":{"cat":[]}}""", "the category 'cat' must have a name and at least one class")]
    [InlineData("""{"cropFraction":0}""", "cropFraction must be above 0 and at most 1")]
    [InlineData("""{"cropFraction":0.875,"crop":"squash"}""", "cropFraction belongs to the crop centre-square")]
    [InlineData("""{"width":0}""", "width and height must be 1 to 4096")]
    public void What_makes_no_sense_is_named(string json, string why) =>
        Assert.Contains(why, Assert.Throws<SynthesisException>(() => Read(json)).Message, StringComparison.Ordinal);

    private PicturePipeline Read(string json)
    {
        File.WriteAllText(folder["P.json"], json);
        return PicturePipelineFile.Read(folder["P.json"]);
    }
}
