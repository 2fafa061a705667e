using System.Text.Json;
using PerceptionStudy.Synthesis.FrontEnds;
using PerceptionStudy.Synthesis.Hosting;

namespace PerceptionStudy.Synthesis.Tests.FrontEnds;

public sealed class SoundPipelineTests : IDisposable
{
    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void Everything_is_read_and_the_rest_has_the_published_numbers()
    {
        var pipeline = (SoundPipeline)Read("""{"kind":"sound","cochleagram":{"overcompleteness":2},"categories":{"yes":[1]},"shape":[1,105,390]}""");
        Assert.Equal((20_000, 40_000, 2, 50), (pipeline.RateHz, pipeline.Samples, pipeline.Cochleagram!.Overcompleteness, pipeline.Cochleagram.Filters));
        Assert.Equal([1L, 1, 105, 390], pipeline.InputShape);
        Assert.IsType<PicturePipeline>(Read("""{"kind":"picture","width":8,"height":8}"""));
    }

    [Theory]
    [InlineData("""{"kind":"smell"}""", "has the kind 'smell'; take picture or sound")]
    [InlineData("""{"kind":"sound","width":8}""", "has a member 'width' that no sound pipeline has; there are rateHz, samples, cochleagram, shape, classes, categories, decision")]
    [InlineData("""{"kind":"sound","rateHz":"a"}""", "is not a sound pipeline: rateHz has a value of the wrong kind")]
    [InlineData("""{"kind":"sound","rateHz":1}""", "rateHz must be 4000 to 384000")]
    [InlineData("""{"kind":"sound","samples":0}""", "samples must be at least 2")]
    [InlineData("""{"kind":"sound","shape":[1,39999]}""", "shape must hold 40000 values, as [40000] does")]
    [InlineData("""{"kind":"sound","decision":"dice"}""", "decision 'dice' is not known")]
    [InlineData("""{"kind":"sound","rateHz":16000,"cochleagram":{}}""", "highHz at most at half the sampling rate, 8000 Hz")]
    [InlineData("""{"kind":"sound","cochleagram":{"overcompleteness":3}}""", "overcompleteness must be 1, 2 or 4")]
    [InlineData("""{"kind":"sound","cochleagram":{"envelopeRateHz":300}}""", "rateHz must be a multiple of cochleagram.envelopeRateHz")]
    [InlineData("""{"kind":"sound","samples":40001,"cochleagram":{}}""", "samples must be a multiple of 100")]
    public void What_makes_no_sense_is_named(string json, string why) =>
        Assert.Contains(why, Assert.Throws<SynthesisException>(() => Read(json)).Message);

    [Fact]
    public void It_comes_through_the_protocol_and_older_pictures_without_a_kind_too()
    {
        StimulusPipeline[] pipelines = [new SoundPipeline { Cochleagram = new(), Categories = new() { ["yes"] = [1] } }, new PicturePipeline { Width = 9 }];
        foreach (var pipeline in pipelines)
        {
            var json = JsonSerializer.Serialize(new ObserveStimuli("m", pipeline, []), HostProtocol.Lines);
            Assert.Equal(pipeline is SoundPipeline, json.Contains("\"kind\":\"sound\"", StringComparison.Ordinal));
            var back = JsonSerializer.Deserialize<ObserveStimuli>(json, HostProtocol.Lines)!.Pipeline;
            Assert.Equal(pipeline.GetType(), back.GetType());
            Assert.Equal(pipeline.Sha256(), back.Sha256());
        }
    }

    [Fact]
    public void The_hash_is_that_of_the_input_and_not_of_the_classes()
    {
        var pipeline = new SoundPipeline { Cochleagram = new() };
        Assert.Equal(pipeline.Sha256(), (pipeline with { Classes = ["a"], Decision = "mean-probability" }).Sha256());
        Assert.NotEqual(pipeline.Sha256(), (pipeline with { Cochleagram = new() { Power = 0.5 } }).Sha256());
        Assert.NotEqual(pipeline.Sha256(), (pipeline with { RateHz = 40_000 }).Sha256());
    }

    private StimulusPipeline Read(string json)
    {
        File.WriteAllText(folder["P.json"], json);
        return StimulusPipelineFile.Read(folder["P.json"]);
    }
}
