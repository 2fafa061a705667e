using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients;

/// <summary>The loss ‖A−A0‖₂/‖A0‖₂ of each image (Feather et al. 2023, <c>InversionLossLayer</c>), and its gradient with respect to A.</summary>
public static class NormalisedDistance
{
    /// <summary>Appends loss and gradient.</summary>
    /// <param name="builder">The graph.</param>
    /// <param name="activation">A.</param>
    /// <param name="target">A0, of the same shape.</param>
    /// <param name="batch">N, the number of images. With more than one, the stage's first dimension must be the images'.</param>
    /// <returns>Names of the loss [N], and of the gradient of the losses' sum with respect to A; at A = A0 that gradient is zero.</returns>
    /// <exception cref="ModelFormatException">The stage keeps its images elsewhere than in its first dimension.</exception>
    public static (string Loss, string Gradient) Emit(GraphBuilder builder, string activation, string target, long batch)
    {
        var difference = builder.Emit("Sub", [activation, target]);
        var tiny = builder.Scalar(activation, 1e-30);
        var distance = builder.Emit("Max", [Norm(builder, difference, batch), tiny]);
        var size = builder.Emit("Max", [Norm(builder, target, batch), tiny]);
        var loss = builder.Emit("Div", [distance, size]);
        // Divided twice: the product of the two norms could leave the range of float32.
        var column = builder.Shape(activation).Select((_, i) => i == 0 ? batch : 1).ToArray();
        var scaled = builder.Emit("Div", [difference, builder.Reshape(distance, column)]);
        return (loss, builder.Emit("Div", [scaled, builder.Reshape(size, column)]));
    }

    /// <summary>
    /// L2 norm of each image, [N]. In two stages, first over the values of each channel: one reduction over 400,000 values
    /// in float32 is wrong by 5e-5.
    /// </summary>
    /// <exception cref="ModelFormatException">The first of the tensor's dimensions is not <paramref name="batch"/>.</exception>
    public static string Norm(GraphBuilder builder, string tensor, long batch)
    {
        // Some exports of transformers are laid out [tokens, images, values]. For one image that does not matter.
        var shape = builder.Shape(tensor);
        if (batch > 1 && (shape.Length == 0 || shape[0] != batch))
            throw new ModelFormatException($"The stage is {Shapes.Text(shape)} for {batch} pictures, so that they cannot be told apart; run one picture at a time.");
        var first = shape.Length > 0 && shape[0] == batch ? 1 : 0;
        var channels = shape.Length > first ? shape[first] : 1;
        var rows = builder.Reshape(tensor, batch, channels, Shapes.Size(shape.Skip(first + 1)));
        var perChannel = builder.Emit("ReduceL2", [rows, builder.Integers("axes", 2)], [batch, channels], ("keepdims", 0));
        return builder.Emit("ReduceL2", [perChannel, builder.Integers("axes", 1)], [batch], ("keepdims", 0));
    }
}
