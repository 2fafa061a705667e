using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Graphs.Format;
using PerceptionStudy.Synthesis.Tests.Graphs;

namespace PerceptionStudy.Synthesis.Tests.Stages;

/// <summary>Small networks with the names that exporters give: what their modules do is cut down, what they are called is not.</summary>
internal sealed class ExportedNets
{
    private readonly TestModel _model = new(17);
    private readonly Func<string, string> _tensorOf;
    private string _last = "input";

    private ExportedNets(Func<string, string> tensorOf, params long[] input)
    {
        _tensorOf = tensorOf;
        _model.Input("input", input);
    }

    // PyTorch's scripted exporter: the node is called /layer1/layer1.0/conv1/Conv, its result /layer1/layer1.0/conv1/Conv_output_0.
    private static ExportedNets Scripted(params long[] input) => new(node => node + "_output_0", input);

    public static OnnxGraph ResNet() => Residual(Scripted(1, 3, 16, 16).Do("/conv1/Conv").Do("/relu/Relu").Do("/maxpool/MaxPool")).Do("/avgpool/GlobalAveragePool").Do("/Flatten").Do("/fc/Gemm").Graph();

    public static OnnxGraph ClipResNet() => Residual(Scripted(1, 3, 16, 16).Do("/conv1/Conv").Do("/relu1/Relu").Do("/conv2/Conv").Do("/relu2/Relu").Do("/avgpool/AveragePool"))
        .Do("/attnpool/GlobalAveragePool").Do("/attnpool/Flatten").Do("/attnpool/c_proj/Gemm").Graph();

    public static OnnxGraph AlexNet()
    {
        var net = Scripted(1, 3, 32, 32).Do("/features/features.0/Conv").Do("/features/features.1/Relu").Do("/features/features.2/MaxPool").Do("/features/features.3/Conv").Do("/features/features.4/Relu")
            .Do("/features/features.5/MaxPool").Do("/features/features.6/Conv").Do("/features/features.7/Relu").Do("/features/features.8/Conv").Do("/features/features.9/Relu")
            .Do("/features/features.10/Conv").Do("/features/features.11/Relu").Do("/features/features.12/MaxPool");
        return net.Classifier().Graph();
    }

    public static OnnxGraph Vgg()
    {
        var net = Scripted(1, 3, 32, 32);
        var layer = 0;
        foreach (var convolutions in new[] { 2, 2, 4, 4, 4 })
        {
            for (var i = 0; i < convolutions; i++)
                net.Do($"/features/features.{layer++}/Conv").Do($"/features/features.{layer++}/Relu");
            net.Do($"/features/features.{layer++}/MaxPool");
        }
        return net.Classifier().Graph();
    }

    public static OnnxGraph Cornet()
    {
        var net = Scripted(1, 3, 16, 16).Do("/V1/conv1/Conv").Do("/V1/nonlin1/Relu").Do("/V1/pool/MaxPool").Do("/V1/conv2/Conv").Do("/V1/nonlin2/Relu");
        foreach (var area in new[] { "V2", "V4", "IT" })
        {
            net.Do($"/{area}/conv_input/Conv");
            for (var time = 0; time < 2; time++)
            {
                var (skip, again) = (net._last, time == 0 ? "" : "_1");
                net.Do($"/{area}/conv1{again}/Conv").Do($"/{area}/nonlin1{again}/Relu").Do($"/{area}/conv3{again}/Conv").Do($"/{area}/Add{again}", skip).Do($"/{area}/nonlin3{again}/Relu");
            }
        }
        return net.Do("/decoder/avgpool/GlobalAveragePool").Do("/decoder/flatten/Flatten").Do("/decoder/linear/Gemm").Graph();
    }

    public static OnnxGraph Vit(int depth) => Scripted(1, 4, 8).Do("/patch_embed/proj/Tanh").Do("/patch_embed/Transpose").Do("/Concat").Do("/Add").Blocks("/blocks/blocks.{0}", depth)
        .Do("/norm/Tanh").Do("/head/MatMul").Graph();

    public static OnnxGraph GeluBlocks()
    {
        var net = Scripted(1, 4, 8);
        net._model.Proto.OpsetImport[0].Version = 20;
        for (var i = 0; i < 3; i++)
        {
            var skip = net._last;
            net.Do($"/blocks/blocks.{i}/fc/MatMul").Do($"/blocks/blocks.{i}/act/Gelu").Do($"/blocks/blocks.{i}/Add", skip);
        }
        return net.Do("/head/MatMul").Graph();
    }

    public static OnnxGraph ClipVit() => Scripted(1, 4, 8).Do("/conv1/Tanh").Do("/Transpose").Do("/Concat").Do("/Add").Do("/ln_pre/Tanh")
        .Blocks("/transformer/resblocks/resblocks.{0}", 12).Do("/ln_post/Tanh").Do("/MatMul").Graph();

    public static OnnxGraph MobileNet()
    {
        var net = Scripted(1, 3, 16, 16).Do("/features/features.0/features.0.0/Conv").Do("/features/features.0/features.0.2/Clip");
        for (var i = 1; i < 18; i++)
            net.Do($"/features/features.{i}/conv/conv.0/conv.0.0/Conv").Do($"/features/features.{i}/conv/conv.0/conv.0.2/Clip").Do($"/features/features.{i}/conv/conv.1/Conv");
        return net.Do("/features/features.18/features.18.0/Conv").Do("/features/features.18/features.18.2/Clip").Do("/avgpool/GlobalAveragePool").Do("/Flatten").Do("/classifier/classifier.1/Gemm").Graph();
    }

    /// <summary>tf2onnx: the node is called model/conv1_relu/Relu, its result model/conv1_relu/Relu:0.</summary>
    public static OnnxGraph Keras()
    {
        var net = new ExportedNets(node => node + ":0", 1, 3, 16, 16);
        net.Do("model/conv1_conv/Conv").Do("model/conv1_relu/Relu").Do("model/pool1_pool/MaxPool");
        for (var i = 1; i < 4; i++)
        {
            var skip = net._last;
            net.Do($"model/conv2_block{i}_1_conv/Conv").Do($"model/conv2_block{i}_1_relu/Relu").Do($"model/conv2_block{i}_add/Add", skip).Do($"model/conv2_block{i}_out/Relu");
        }
        return net.Do("model/avg_pool/GlobalAveragePool").Do("model/flatten/Flatten").Do("model/predictions/Gemm").Do("model/predictions/Softmax").Graph();
    }

    /// <summary>PyTorch's dynamo exporter: short names, the modules in the metadata.</summary>
    public static OnnxGraph DynamoResNet()
    {
        var graph = new ExportedNets(node => node, 1, 3, 16, 16);
        graph.Traced("conv2d", "Conv", "conv1").Traced("relu", "Relu", "relu").Traced("max_pool2d", "MaxPool", "maxpool");
        for (var (i, n) = (1, 1); i <= 4; i++)
            for (var block = 0; block < 2; block++, n += 2)
            {
                var skip = graph._last;
                graph.Traced($"conv2d_{n}", "Conv", $"layer{i}", $"layer{i}.{block}", $"layer{i}.{block}.conv1").Traced($"relu_{n}", "Relu", $"layer{i}", $"layer{i}.{block}", $"layer{i}.{block}.relu");
                graph.Do($"add_{n}/Add", skip);
                graph.Name($"add_{n}", $"layer{i}", $"layer{i}.{block}");
                graph.Traced($"relu_{n + 1}", "Relu", $"layer{i}", $"layer{i}.{block}", $"layer{i}.{block}.relu");
            }
        return graph.Traced("mean", "GlobalAveragePool", "avgpool").Traced("view", "Flatten").Traced("linear", "Gemm", "fc").Graph();
    }

    private static ExportedNets Residual(ExportedNets net)
    {
        for (var i = 1; i <= 4; i++)
            for (var block = 0; block < 2; block++)
            {
                var (path, skip) = ($"/layer{i}/layer{i}.{block}", net._last);
                net.Do($"{path}/conv1/Conv").Do($"{path}/relu/Relu").Do($"{path}/conv2/Conv").Do($"{path}/Add", skip).Do($"{path}/relu_1/Relu");
            }
        return net;
    }

    private ExportedNets Classifier() => Do("/avgpool/GlobalAveragePool").Do("/Flatten").Do("/classifier/classifier.1/Gemm").Do("/classifier/classifier.2/Relu")
        .Do("/classifier/classifier.4/Gemm").Do("/classifier/classifier.5/Relu").Do("/classifier/classifier.6/Gemm");

    private ExportedNets Blocks(string pattern, int depth)
    {
        for (var i = 0; i < depth; i++)
        {
            var (path, skip) = (string.Format(System.Globalization.CultureInfo.InvariantCulture, pattern, i), _last);
            Do($"{path}/norm1/Tanh").Do($"{path}/attn/qkv/MatMul").Do($"{path}/Add", skip);
            skip = _last;
            Do($"{path}/mlp/fc1/MatMul").Do($"{path}/Add_1", skip);
        }
        return this;
    }

    private ExportedNets Traced(string name, string op, params string[] modules) => Do($"{name}/{op}").Name(name, modules);

    private ExportedNets Name(string name, params string[] modules)
    {
        var node = _model.Proto.Graph.Node[^1];
        (node.Name, node.Output[0]) = ($"node_{name}", name);
        node.MetadataProps.Add(new StringStringEntryProto { Key = "pkg.torch.onnx.name_scopes", Value = $"['', {string.Concat(modules.Select(m => $"'{m}', "))}'{name}']" });
        _last = name;
        return this;
    }

    // The last part of a name is the operator, perhaps with a number. Everything keeps the channels; pools keep the size.
    private ExportedNets Do(string name, string? second = null)
    {
        var op = name.Split('/')[^1].Split('_')[0];
        var output = _tensorOf(name);
        var graph = _model.Proto.Graph;
        var window = new (string, object)[] { ("kernel_shape", new long[] { 3, 3 }), ("pads", new long[] { 1, 1, 1, 1 }) };
        switch (op)
        {
            case "Conv": _model.Weights(output + "_w", 3, 3, 1, 1).Node(op, output, [_last, output + "_w"]); break;
            case "Gemm": _model.Weights(output + "_w", 3, 3).Node(op, output, [_last, output + "_w"]); break;
            case "MatMul": _model.Weights(output + "_w", 8, 8).Node(op, output, [_last, output + "_w"]); break;
            case "MaxPool" or "AveragePool": _model.Node(op, output, [_last], window); break;
            case "Clip": _model.Constant(output + "_low", [], 0f).Node(op, output, [_last, output + "_low"]); break;
            case "Transpose": _model.Node(op, output, [_last], ("perm", new long[] { 0, 1, 2 })); break;
            case "Concat": _model.Weights(output + "_token", 1, 1, 8).Node(op, output, [output + "_token", _last], ("axis", 1L)); break;
            case "Add": _model.Node(op, output, [_last, second ?? Position(output)]); break;
            default: _model.Node(op, output, [_last]); break;
        }
        graph.Node[^1].Name = name;
        _last = output;
        return this;
    }

    private string Position(string output)
    {
        _model.Weights(output + "_position", 1, 5, 8);
        return output + "_position";
    }

    private OnnxGraph Graph() => _model.Output(_last).Graph();
}
