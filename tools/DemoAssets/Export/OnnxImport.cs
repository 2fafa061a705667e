using System.Runtime.InteropServices;
using PerceptionStudy.DemoAssets.Networks;
using PerceptionStudy.Synthesis.Graphs.Format;
using TorchSharp;
using static TorchSharp.torch;
using Architecture = PerceptionStudy.DemoAssets.Networks.Architecture;
using Tensor = TorchSharp.torch.Tensor;

namespace PerceptionStudy.DemoAssets.Export;

/// <summary>
/// Reads a network back from the file that <see cref="OnnxExport"/> wrote, so that its figures can be measured from what is committed.
/// Batch normalisation is in the convolutions by then: the normalisation is set to do nothing but add the convolution's bias.
/// </summary>
public static class OnnxImport
{
    /// <exception cref="InvalidDataException">The file lacks a weight of the demo's network.</exception>
    public static DemoNetwork Read(string file, Architecture architecture)
    {
        var weights = ModelProto.Parser.ParseFrom(File.ReadAllBytes(file)).Graph.Initializer.ToDictionary(t => t.Name);
        var network = new DemoNetwork(architecture);
        using (no_grad())
        {
            for (var block = 0; block < architecture.Blocks.Length; block++)
            {
                var norm = network.Norms[block];
                Fill(network.Convolutions[block].weight!, $"conv{block + 1}.weight");
                Fill(norm.bias!, $"conv{block + 1}.bias");
                norm.weight!.fill_(1);
                norm.running_mean!.zero_();
                norm.running_var!.fill_(1 - OnnxExport.NormEpsilon);
            }
            Fill(network.DenseLayer.weight!, "dense.weight");
            Fill(network.DenseLayer.bias!, "dense.bias");
            Fill(network.LogitsLayer.weight!, "logits.weight");
            Fill(network.LogitsLayer.bias!, "logits.bias");
        }
        network.eval();
        OnnxExport.Compare(network, file);
        return network;

        void Fill(Tensor target, string name)
        {
            if (!weights.TryGetValue(name + ".float16", out var stored)) throw new InvalidDataException($"{file} has no weight {name}: it is not a network that export wrote.");
            var values = MemoryMarshal.Cast<byte, Half>(stored.RawData.Span).ToArray().Select(h => (float)h).ToArray();
            target.copy_(tensor(values, [.. stored.Dims]));
        }
    }
}
