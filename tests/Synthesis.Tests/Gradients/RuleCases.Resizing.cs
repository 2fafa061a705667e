using static PerceptionStudy.Synthesis.Tests.Gradients.Operand;

namespace PerceptionStudy.Synthesis.Tests.Gradients;

internal static partial class RuleCases
{
    private static IEnumerable<RuleCase> Resizing =>
    [
        Resize("nearest, twice, as PyTorch writes it", Of(1, 2, 3, 4), Scales(1, 1, 2, 2), null, "nearest", "asymmetric", ("nearest_mode", "floor")),
        Resize("nearest, to a size", Of(1, 2, 3, 4), null, Ints(1, 2, 5, 7), "nearest", "asymmetric", ("nearest_mode", "floor")),
        Resize("nearest, smaller", Of(1, 2, 7, 6), null, Ints(1, 2, 3, 4), "nearest", "half_pixel", ("nearest_mode", "round_prefer_ceil")),
        Resize("nearest, defaults", Of(1, 1, 4, 4), Scales(1, 1, 1.5, 0.5), null, null, null),
        Resize("nearest, Keras", Of(1, 2, 3, 3), Scales(1, 1, 3, 2), null, "nearest", "half_pixel", ("nearest_mode", "round_prefer_ceil")),
        Resize("linear, twice, half pixels", Of(1, 2, 3, 4), Scales(1, 1, 2, 2), null, "linear", "half_pixel"),
        Resize("linear, as PyTorch writes it, to a size", Of(2, 2, 4, 3), null, Ints(2, 2, 7, 8), "linear", "pytorch_half_pixel"),
        Resize("linear, aligned corners", Of(1, 2, 3, 4), null, Ints(1, 2, 6, 5), "linear", "align_corners"),
        Resize("linear, asymmetric", Of(1, 2, 3, 4), Scales(1, 1, 2, 3), null, "linear", "asymmetric"),
        Resize("linear, smaller", Of(1, 1, 8, 9), null, Ints(1, 1, 3, 4), "linear", "half_pixel"),
        Resize("linear, smaller, antialiased", Of(1, 1, 8, 9), null, Ints(1, 1, 3, 4), "linear", "half_pixel", ("antialias", 1L)),
        Resize("linear, to one value", Of(1, 2, 4, 4), null, Ints(1, 2, 1, 1), "linear", "pytorch_half_pixel"),
        Resize("linear, symmetric", Of(1, 1, 5, 4), Scales(1, 1, 1.3, 1.3), null, "linear", "half_pixel_symmetric") with { Opset = 19 },
        Resize("cubic, as PyTorch writes it", Of(1, 2, 4, 5), Scales(1, 1, 2, 2), null, "cubic", "pytorch_half_pixel", ("cubic_coeff_a", -0.75f)),
        Resize("cubic, to a size, aligned corners", Of(1, 1, 4, 5), null, Ints(1, 1, 7, 9), "cubic", "align_corners"),
        Resize("cubic, outside left out", Of(1, 1, 4, 5), Scales(1, 1, 2, 2), null, "cubic", "half_pixel", ("exclude_outside", 1L), ("cubic_coeff_a", -0.5f)),
        Resize("cubic, smaller, antialiased", Of(1, 1, 9, 8), null, Ints(1, 1, 4, 3), "cubic", "half_pixel", ("antialias", 1L), ("cubic_coeff_a", -0.5f)),
        Resize("given axes", Of(1, 2, 3, 4), null, Ints(6, 7), "linear", "half_pixel", ("axes", L(2, 3))) with { Opset = 18 },
        new RuleCase("Resize", "opset 10", [Of(1, 2, 3, 4), Scales(1, 1, 2, 2)], ("mode", "nearest")) { Opset = 10 }.InFloat32(),
        new RuleCase("Resize", "opset 10, linear", [Of(1, 2, 3, 4), Scales(1, 1, 2, 1.5)], ("mode", "linear")) { Opset = 10 }.InFloat32(),
        new RuleCase("Resize", "opset 10, smaller", [Of(1, 2, 6, 8), Scales(1, 1, 0.5, 0.5)], ("mode", "nearest")) { Opset = 10 }.InFloat32(),
        new RuleCase("Resize", "opset 10, smaller, between the values", [Of(1, 2, 7, 9), Scales(1, 1, 0.6, 0.4)], ("mode", "nearest")) { Opset = 10 }.InFloat32(),
        new RuleCase("Upsample", "opset 7", [Of(1, 2, 3, 4)], ("scales", new[] { 1f, 1, 2, 3 }), ("mode", "nearest")) { Opset = 7 }.InFloat32(),
        new RuleCase("Upsample", "opset 9, linear", [Of(1, 2, 3, 4), Scales(1, 1, 2, 2)], ("mode", "linear")) { Opset = 9 }.InFloat32(),
    ];

    private static Operand Scales(params double[] values) => new([values.Length], Differentiable: false) { Given = values, IsFloat32 = true };

    private static RuleCase Resize(string name, Operand x, Operand? scales, Operand? sizes, string? mode, string? coordinates, params (string, object)[] attributes) =>
        new RuleCase("Resize", name, sizes is null ? [x, Absent, scales!] : [x, Absent, Absent, sizes],
            [.. mode is null ? [] : new (string, object)[] { ("mode", mode), ("coordinate_transformation_mode", coordinates!) }, .. attributes]).InFloat32();
}
