namespace PerceptionStudy.ReferenceGradients.Networks;

/// <summary>Dosovitskiy et al. 2021, as in timm, and the visual tower of CLIP (Radford et al. 2021).</summary>
public static class VisionTransformer
{
    /// <param name="net">The net.</param>
    /// <param name="patch">Side of a patch in pixels: 16.</param>
    /// <param name="width">Values of a token: 384 for ViT-S, 768 for ViT-B.</param>
    /// <param name="depth">Blocks: 12.</param>
    /// <param name="heads">Heads: 6 for ViT-S, 12 for ViT-B.</param>
    /// <param name="classes">Classes: 1000.</param>
    /// <returns><c>patch_embed</c>, <c>pos_embed</c>, <c>blocks.0</c> ..., <c>final</c>.</returns>
    public static Dictionary<string, string> Build(TwinNetwork net, long patch, long width, int depth, long heads, long classes)
    {
        var x = Patches(net, "patch_embed/proj", patch, width, bias: true);
        var ends = new Dictionary<string, string> { ["patch_embed"] = x };
        x = net.WithClassToken("", x, net.Embedding("cls_token", 0.5, 1, 1, width));
        ends["pos_embed"] = x = net.AddFixed("", x, net.Embedding("pos_embed", 0.5, [1, .. net.Shape(x)[1..]]));
        for (var i = 0; i < depth; i++)
        {
            var at = $"blocks/blocks.{i}";
            x = net.Add(at, x, SelfAttention(net, $"{at}/attn", net.LayerNorm($"{at}/norm1", x), heads));
            var hidden = net.Gelu($"{at}/mlp/act", net.Linear($"{at}/mlp/fc1", net.LayerNorm($"{at}/norm2", x), 4 * width));
            ends[$"blocks.{i}"] = x = net.Add($"{at}/2", x, net.Linear($"{at}/mlp/fc2", hidden, width));
        }
        ends["final"] = net.Linear("head", net.Gather("", net.LayerNorm("norm", x), 1, 0), classes);
        return ends;
    }

    /// <returns><c>conv1</c>, <c>class_embedding_cat</c>, <c>ln_pre</c>, <c>block_0</c> ..., <c>final</c>.</returns>
    /// <inheritdoc cref="Build"/>
    public static Dictionary<string, string> BuildClip(TwinNetwork net, long patch, long width, int depth, long heads, long classes)
    {
        var x = Patches(net, "visual/conv1", patch, width, bias: false);
        var ends = new Dictionary<string, string> { ["conv1"] = x };
        ends["class_embedding_cat"] = x = net.WithClassToken("visual", x, net.Embedding("visual.class_embedding", 0.5, 1, 1, width));
        x = net.AddFixed("visual", x, net.Embedding("visual.positional_embedding", 0.5, net.Shape(x)[1..]));
        ends["ln_pre"] = x = net.LayerNorm("visual/ln_pre", x, 1e-5);
        x = net.Transpose("visual", x, 1, 0, 2);
        for (var i = 0; i < depth; i++)
        {
            var at = $"visual/transformer/resblocks/resblocks.{i}";
            x = net.Add(at, x, PackedAttention(net, $"{at}/attn", net.LayerNorm($"{at}/ln_1", x, 1e-5), heads));
            var hidden = net.QuickGelu($"{at}/mlp/gelu", net.Linear($"{at}/mlp/c_fc", net.LayerNorm($"{at}/ln_2", x, 1e-5), 4 * width));
            ends[$"block_{i}"] = x = net.Add($"{at}/2", x, net.Linear($"{at}/mlp/c_proj", hidden, width));
        }
        x = net.Gather("visual", net.Transpose("visual", x, 1, 0, 2), 1, 0);
        ends["final"] = net.MatMulFixed("visual", net.LayerNorm("visual/ln_post", x, 1e-5), net.Embedding("visual.proj", Math.Pow(width, -0.5), width, classes));
        return ends;
    }

    // [N,3,H,W] to [N,L,width].
    private static string Patches(TwinNetwork net, string at, long patch, long width, bool bias)
    {
        var x = net.Conv(at, net.Input, width, Window.Of(patch, patch), bias: bias);
        var shape = net.Shape(x);
        return net.Transpose(at, net.Reshape(at, x, shape[0], shape[1], shape[2] * shape[3]), 0, 2, 1);
    }

    /// <summary>timm: [N,L,D], queries, keys and values from one dense layer, laid out [3,N,heads,L,d].</summary>
    private static string SelfAttention(TwinNetwork net, string at, string x, long heads)
    {
        var (n, length, width) = (net.Shape(x)[0], net.Shape(x)[1], net.Shape(x)[2]);
        var all = net.Transpose(at, net.Reshape(at, net.Linear($"{at}/qkv", x, 3 * width), n, length, 3, heads, width / heads), 2, 0, 3, 1, 4);
        string[] qkv = [.. net.Split(at, all, 0, 3).Select(part => net.Squeeze(at, part, 0))];
        var attended = net.Attention(at, qkv[0], qkv[1], qkv[2]);
        return net.Linear($"{at}/proj", net.Reshape(at, net.Transpose(at, attended, 0, 2, 1, 3), n, length, width), width);
    }

    /// <summary>nn.MultiheadAttention: [L,N,D], the packed projection laid apart by Unsqueeze, Transpose, Squeeze and Gather.</summary>
    private static string PackedAttention(TwinNetwork net, string at, string x, long heads)
    {
        var (length, n, width) = (net.Shape(x)[0], net.Shape(x)[1], net.Shape(x)[2]);
        var packed = net.Reshape(at, net.Linear($"{at}/in_proj", x, 3 * width), length, n, 3, width);
        packed = net.Squeeze(at, net.Transpose(at, net.Unsqueeze(at, packed, 0), 3, 1, 2, 0, 4), 3);
        string Head(long index)
        {
            var part = net.Transpose(at, net.Reshape(at, net.Gather(at, packed, 0, index), length, n * heads, width / heads), 1, 0, 2);
            return net.Reshape(at, part, n, heads, length, width / heads);
        }
        var attended = net.Transpose(at, net.Attention(at, Head(0), Head(1), Head(2)), 2, 0, 1, 3);
        var together = net.Linear($"{at}/out_proj", net.Reshape(at, attended, length * n, width), width);
        return net.Reshape(at, together, length, n, width);
    }
}
