using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace PerceptionStudy.Synthesis.Metamers;

/// <summary>One point of a loss curve.</summary>
/// <param name="Step">Gradient evaluations done before this loss was measured.</param>
/// <param name="Loss">‖A(x)−A(x0)‖/‖A(x0)‖.</param>
/// <param name="GradientNorm">L2 norm of its gradient.</param>
[JsonConverter(typeof(LossPointConverter))]
public sealed record LossPoint(int Step, float Loss, float GradientNorm);

/// <summary>
/// A point as <c>[step, loss, gradientNorm]</c>, with the digits that float32 has: a curve has a hundred of them, and their names would be most of a manifest.
/// Manifests and checkpoints that were written before have the names, and are read too.
/// </summary>
internal sealed class LossPointConverter : JsonConverter<LossPoint>
{
    private static readonly string[] Names = ["step", "loss", "gradientNorm"];

    public override LossPoint Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using var document = JsonDocument.ParseValue(ref reader);
        var point = document.RootElement;
        JsonElement[] numbers = point.ValueKind == JsonValueKind.Object ? [.. Names.Select(name => point.TryGetProperty(name, out var value) ? value : default)]
            : point.ValueKind == JsonValueKind.Array ? [.. point.EnumerateArray()] : [];
        if (numbers.Length != Names.Length || numbers.Any(n => n.ValueKind != JsonValueKind.Number) || !numbers[0].TryGetInt32(out var step))
            throw new JsonException("A point of a loss curve is [step, loss, gradientNorm].");
        return new(step, numbers[1].GetSingle(), numbers[2].GetSingle());
    }

    public override void Write(Utf8JsonWriter writer, LossPoint value, JsonSerializerOptions options) =>
        // Raw: an indented file would have a line for every number.
        writer.WriteRawValue(string.Create(CultureInfo.InvariantCulture, $"[{value.Step},{value.Loss:R},{value.GradientNorm:R}]"));
}
