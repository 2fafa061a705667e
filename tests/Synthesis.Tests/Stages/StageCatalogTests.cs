using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Stages;

namespace PerceptionStudy.Synthesis.Tests.Stages;

/// <summary>Names and proposals on graphs with the names that exporters give.</summary>
public class StageCatalogTests
{
    public static TheoryData<string, string[]> Families => new()
    {
        { "ResNet", ["relu", "layer1", "layer2", "layer3", "layer4", "avgpool", "final"] },
        { "DynamoResNet", ["relu", "layer1", "layer2", "layer3", "layer4", "avgpool", "final"] },
        { "ClipResNet", ["avgpool", "layer1", "layer2", "layer3", "layer4", "final"] },
        { "AlexNet", ["features.1", "features.4", "features.7", "features.9", "features.11", "classifier.2", "classifier.5", "final"] },
        { "Vgg", ["features.3", "features.8", "features.17", "features.26", "features.35", "avgpool", "classifier.2", "classifier.5", "final"] },
        { "Cornet", ["V1", "V2", "V4", "IT", "final"] },
        { "Vit24", ["patch_embed", "Add", "blocks.0", "blocks.6", "blocks.12", "blocks.18", "blocks", "final"] },
        { "ClipVit", ["conv1", "Concat", "ln_pre", "transformer.resblocks.0", "transformer.resblocks.3", "transformer.resblocks.6", "transformer.resblocks.9", "transformer", "final"] },
        { "Keras", ["conv1_relu", "pool1_pool", "conv2_block1_out", "conv2_block2_out", "conv2_block3_out", "avg_pool", "final"] },
        { "MobileNet", ["features.0", "features.2", "features.4", "features.6", "features.8", "features.10", "features.12", "features.14", "features.16", "features", "avgpool", "final"] },
    };

    [Theory, MemberData(nameof(Families))]
    public void Stages_of_the_family_are_proposed_under_the_names_of_its_modules(string net, string[] names) =>
        Assert.Equal(names, StageCatalog.List(Net(net)).Where(s => s.Proposed).Select(s => s.Name));

    [Theory]
    [InlineData("ResNet", "conv1_relu1", "relu")]
    [InlineData("ResNet", "layer3.1", "layer3")]
    [InlineData("ResNet", "fc", "final")]
    [InlineData("ResNet", "/layer2/layer2.0/relu_1/Relu_output_0", "layer2.0")]
    [InlineData("ResNet", "layer2.0.conv1", "layer2.0.conv1")]
    [InlineData("DynamoResNet", "layer3.1", "layer3")]
    [InlineData("ClipResNet", "stem", "avgpool")]
    [InlineData("ClipResNet", "attnpool", "final")]
    [InlineData("AlexNet", "relu3", "features.9")]
    [InlineData("AlexNet", "fc1_relu", "classifier.5")]
    [InlineData("Vgg", "conv_relu_2_3", "features.17")]
    [InlineData("Vgg", "fc_relu_0", "classifier.2")]
    [InlineData("Vit24", "pos_embed", "Add")]
    [InlineData("Vit24", "block_12", "blocks.12")]
    [InlineData("Vit24", "blocks_end", "blocks")]
    [InlineData("ClipVit", "class_embedding_cat", "Concat")]
    [InlineData("Keras", "conv2_block2_out", "conv2_block2_out")]
    public void A_stage_is_found_by_the_paper_s_name_its_modules_and_its_tensor(string net, string asked, string name) =>
        Assert.Equal(name, StageCatalog.Find(Net(net), asked).Name);

    [Fact]
    public void Every_stage_has_a_name_of_its_own_and_its_size()
    {
        foreach (var net in Families)
        {
            var graph = Net(net.Data.Item1);
            var stages = StageCatalog.List(graph);
            Assert.Equal(stages.Count, stages.Select(s => s.Name).Distinct().Count());
            Assert.All(stages, s => Assert.Equal(Shapes.Size(s.Shape), s.Size));
            Assert.All(stages, s => Assert.Equal((double)s.Size / graph.Input.Size, s.RelativeSize));
            Assert.All(stages, s => Assert.True(s.Differentiable, s.Reason));
        }
    }

    /// <summary>What import writes a fused operator as stays in the module of the operator.</summary>
    [Fact]
    public void The_parts_of_a_decomposed_operator_lie_in_its_module()
    {
        var graph = ExportedNets.GeluBlocks();
        Assert.DoesNotContain(graph.Nodes, n => n.OpType == "Gelu");
        Assert.Equal("blocks.1.act", StageCatalog.Find(graph, "/blocks/blocks.1/act/Gelu_output_0").Name);
        Assert.Equal("blocks.1", StageCatalog.Find(graph, "/blocks/blocks.1/Add_output_0").Name);
    }

    private static OnnxGraph Net(string name) => name switch
    {
        "ResNet" => ExportedNets.ResNet(),
        "DynamoResNet" => ExportedNets.DynamoResNet(),
        "ClipResNet" => ExportedNets.ClipResNet(),
        "AlexNet" => ExportedNets.AlexNet(),
        "Vgg" => ExportedNets.Vgg(),
        "Cornet" => ExportedNets.Cornet(),
        "Vit24" => ExportedNets.Vit(24),
        "ClipVit" => ExportedNets.ClipVit(),
        "MobileNet" => ExportedNets.MobileNet(),
        _ => ExportedNets.Keras(),
    };
}
