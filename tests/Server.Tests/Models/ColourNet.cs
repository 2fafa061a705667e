using System.IO.Compression;
using Google.Protobuf;
using PerceptionStudy.Server.Tests.Participation;
using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Graphs.Format;

namespace PerceptionStudy.Server.Tests.Models;

/// <summary>
/// A network that tells red, green and blue pictures apart, and the pictures for it: small enough that metamers take a second, honest enough that
/// its answers mean something. Stages <c>opponent</c> (a blurred convolution), <c>rectified</c>, <c>pooled</c>, <c>means</c>, <c>scores</c>.
/// </summary>
public static class ColourNet
{
    public const int Side = 32;
    public static readonly string[] Categories = ["blue", "green", "red"];

    /// <summary>The command line's P.json for it.</summary>
    public const string Pipeline =
        """{"width":32,"height":32,"range":[0,1],"classes":["ruby","emerald","sapphire"],"categories":{"red":[0],"green":[1],"blue":[2]},"decision":"first-hit"}""";

    /// <param name="contrast">How much a channel's neighbours count against it; another number makes another file.</param>
    public static byte[] Onnx(float contrast = 0.5f)
    {
        var net = Begin(contrast);
        Node(net, "Relu", ["opponent"], "rectified", [1, 3, Side, Side]);
        return End(net, "rectified");
    }

    /// <summary>The same with an operator that has no derivative in the middle: stages before it can be matched, those after it cannot.</summary>
    public static byte[] OnnxWithoutGradient()
    {
        var net = Begin(0.5f);
        Node(net, "Hardmax", ["opponent"], "rectified", [1, 3, Side, Side]);
        return End(net, "rectified");
    }

    /// <summary>A picture whose mean colour is that of the category, with a pattern of its own.</summary>
    public static byte[] Picture(string category, int number)
    {
        var random = new Random(100 * Array.IndexOf(Categories, category) + number);
        var channel = category switch { "red" => 0, "green" => 1, _ => 2 };
        var spots = Enumerable.Range(0, 6).Select(_ => (X: random.Next(Side), Y: random.Next(Side), R: 3 + random.Next(8), Colour: Colour())).ToArray();
        return TestPictures.Png(Side, (x, y) => spots.LastOrDefault(s => Math.Pow(x - s.X, 2) + Math.Pow(y - s.Y, 2) < s.R * s.R, (0, 0, 0, Colour: [40 + 4 * y, 60, 90])).Colour);

        int[] Colour()
        {
            int[] colour = [random.Next(30, 110), random.Next(30, 110), random.Next(30, 110)];
            colour[channel] = random.Next(150, 250);
            return colour;
        }
    }

    /// <summary>A zip as the export of a set writes it: four metamers of two stages, with their natural pictures, made with a model of this name.</summary>
    public static MemoryStream MetamersOf(string model)
    {
        var zip = new MemoryStream();
        using (var archive = new ZipArchive(zip, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (var (number, category) in ((string[])["red", "blue"]).Index())
            {
                Add($"naturals/{category}/{category}-0.png", Picture(category, 0));
                foreach (var (stage, which) in ((string, int)[])[("opponent", 1), ("pooled", 2)])
                    Add($"metamers/{model}/{stage}/{category}/{category}-0_seed7.png", Picture(category, 10 * number + which));
            }

            void Add(string path, byte[] content)
            {
                using var entry = archive.CreateEntry(path).Open();
                entry.Write(content);
            }
        }
        zip.Position = 0;
        return zip;
    }

    private static GraphBuilder Begin(float contrast)
    {
        var net = new GraphBuilder();
        net.Input("image", [1, 3, Side, Side]);
        var weights = new float[3 * 3 * 9];
        for (var to = 0; to < 3; to++)
        {
            for (var from = 0; from < 3; from++) Array.Fill(weights, (to == from ? 1f : -contrast) / 9, (to * 3 + from) * 9, 9);
        }
        net.Add(TensorData.Of("weights", [3, 3, 3, 3], weights));
        Node(net, "Conv", ["image", "weights"], "opponent", [1, 3, Side, Side], ("pads", new long[] { 1, 1, 1, 1 }));
        return net;
    }

    private static byte[] End(GraphBuilder net, string from)
    {
        Node(net, "AveragePool", [from], "pooled", [1, 3, Side / 4, Side / 4], ("kernel_shape", new long[] { 4, 4 }), ("strides", new long[] { 4, 4 }));
        Node(net, "GlobalAveragePool", ["pooled"], "means", [1, 3, 1, 1]);
        Node(net, "Flatten", ["means"], "scores", [1, 3]);
        net.Output("scores");
        return net.ToModel().ToByteArray();
    }

    private static void Node(GraphBuilder net, string opType, string[] inputs, string output, long[] shape, params (string Name, object Value)[] attributes)
    {
        var node = new NodeProto { OpType = opType, Name = "node_" + output };
        node.Input.AddRange(inputs);
        node.Output.Add(output);
        foreach (var (attribute, value) in attributes) node.Set(attribute, value);
        net.Add(node, new TensorInfo(output, TensorProto.Types.DataType.Float, shape));
    }
}
