using Microsoft.Extensions.Configuration;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Models;
using PerceptionStudy.Synthesis.Tests;

namespace PerceptionStudy.Server.Tests.Models;

public sealed class ServerModelFilesTests
{
    [Fact]
    public void Files_below_the_folder_are_found_and_no_others()
    {
        using var folder = new TestFolder();
        var inside = Directory.CreateDirectory(folder["models"]).FullName;
        Directory.CreateDirectory(Path.Combine(inside, "nets"));
        File.WriteAllText(Path.Combine(inside, "nets", "a.onnx"), "x");
        File.WriteAllText(Path.Combine(inside, "notes.txt"), "x");
        File.WriteAllText(folder["secret.onnx"], "x");
        File.CreateSymbolicLink(Path.Combine(inside, "link.onnx"), folder["secret.onnx"]);
        Directory.CreateSymbolicLink(Path.Combine(inside, "away"), Path.GetDirectoryName(inside)!);
        var files = new ServerModelFiles(new ConfigurationBuilder().AddInMemoryCollection([new("Models:ServerFolder", inside)]).Build());

        Assert.Equal([new ServerModelFile(Path.Combine("nets", "a.onnx"), 1)], files.List());
        Assert.Equal(Path.Combine(inside, "nets", "a.onnx"), files.Find("nets/a.onnx"));
        Refused("../secret.onnx", "The file must lie in");
        Refused(folder["secret.onnx"], "The file must lie in");
        Refused("link.onnx", "is a link");
        Refused("away/secret.onnx", "is a link");
        Refused("nets/b.onnx", "There is no file nets/b.onnx");

        void Refused(string path, string sentence) => Assert.Contains(sentence, Assert.Throws<RefusedException>(() => files.Find(path)).Message);
    }

    [Fact]
    public void Without_the_setting_there_are_none()
    {
        var files = new ServerModelFiles(new ConfigurationBuilder().Build());
        Assert.Empty(files.List());
        Assert.Contains("Models:ServerFolder", Assert.Throws<RefusedException>(() => files.Find("a.onnx")).Message);
    }
}
