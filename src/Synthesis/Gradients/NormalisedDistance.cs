using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients;

/// <summary>The loss ‖A−A0‖₂/‖A0‖₂ of each image (Feather et al. 2023, <c>InversionLossLayer</c>), and its gradient with respect to A.</summary>
public static class NormalisedDistance
{
    /// <summary>Appends loss and gradient.</summary>
    /// <param name="builder">The graph.</param>
    /// <param name="activation">A, with the batch as first dimension.</param>
    /// <param name="target">A0, of the same shape.</param>
    /// <returns>Names of the loss [N], and of the gradient of the losses' sum with respect to A; at A = A0 that gradient is zero.</returns>
    public static (string Loss, string Gradient) Emit(GraphBuilder builder, string activation, string target)
    {
        var batch = builder.Shape(activation) is [var n, ..] ? n : 1;
        var difference = builder.Emit("Sub", [activation, target]);
        var tiny = builder.Scalar(activation, 1e-30);
        var distance = builder.Emit("Max", [Norm(builder, difference), tiny]);
        var size = builder.Emit("Max", [Norm(builder, target), tiny]);
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
    public static string Norm(GraphBuilder builder, string tensor)
    {
        var shape = builder.Shape(tensor);
        long batch = shape[0], channels = shape.Length > 1 ? shape[1] : 1;
        var rows = builder.Reshape(tensor, batch, channels, Shapes.Size(shape.Skip(2)));
        var perChannel = builder.Emit("ReduceL2", [rows, builder.Integers("axes", 2)], [batch, channels], ("keepdims", 0));
        return builder.Emit("ReduceL2", [perChannel, builder.Integers("axes", 1)], [batch], ("keepdims", 0));
    }
}
