using System.Text.Json;
using PerceptionStudy.Server.Models;
using PerceptionStudy.Synthesis.Tests;

namespace PerceptionStudy.Server.Tests.Models;

public sealed class ClassMapFileTests
{
    private static readonly string[] Names = ["tench", "tabby", "Persian cat", "beagle"];

    [Theory]
    [InlineData("""{"cat": [1, "Persian cat", 1], "dog": ["BEAGLE"]}""")]
    [InlineData("category,class\ncat,2\ncat,tabby\ndog,beagle\n,\n")]
    [InlineData("class,category,remark\ntabby,cat,\npersian cat,cat,soft\n3,dog,\n")]
    public void Classes_by_number_and_by_name(string text)
    {
        var map = ClassMapFile.Read(text, Names);
        Assert.Equal(["cat", "dog"], map.Keys);
        Assert.Equal([1, 2], map["cat"]);
        Assert.Equal([3], map["dog"]);
    }

    [Theory]
    [InlineData("""{"cat": [1, "lion"]}""", "The model has no class “lion” for the category cat")]
    [InlineData("""{"cat": [1], "dog": [1]}""", "Class 1 belongs to both cat and dog")]
    [InlineData("""{"cat": 1}""", "The category cat needs a list of classes")]
    [InlineData("""{"cat": [1""", "The file is not valid JSON (line 1)")]
    [InlineData("a,b\n1,2\n", "A map as CSV begins with the line category,class")]
    [InlineData("category,class\n", "The file names no class")]
    [InlineData("{}", "The file names no class")]
    [InlineData("""{"cat": [-1]}""", "no class “-1”")]
    public void What_is_no_map_says_why(string text, string sentence) =>
        Assert.Contains(sentence, Assert.Throws<FormatException>(() => ClassMapFile.Read(text, Names)).Message);

    [Fact]
    public void Names_need_the_list_of_names() =>
        Assert.Contains("the class names are not known yet", Assert.Throws<FormatException>(() => ClassMapFile.Read("""{"cat": ["tabby"]}""", null)).Message);

    [Fact]
    public void The_standard_map_is_that_of_model_vs_human()
    {
        Assert.Equal((16, 207), (ImageNetCategories.Sixteen.Count, ImageNetCategories.Sixteen.Sum(c => c.Value.Length)));
        Assert.Equal([405], ImageNetCategories.For(1001)!["airplane"]);
        Assert.Null(ImageNetCategories.For(10));
        var reference = TestFolder.NeedShared("reference", "imagenet", "classes16.json");
        var expected = JsonSerializer.Deserialize<Dictionary<string, int[]>>(File.ReadAllText(reference))!;
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), ImageNetCategories.Sixteen.Keys.Order(StringComparer.Ordinal));
        Assert.All(expected, c => Assert.Equal(c.Value.Order(), ImageNetCategories.Sixteen[c.Key]));
    }
}
