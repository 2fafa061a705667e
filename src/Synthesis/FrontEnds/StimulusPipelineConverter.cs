using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace PerceptionStudy.Synthesis.FrontEnds;

/// <summary>A pipeline whose <c>kind</c> is <c>sound</c> is one of sounds; any other is one of pictures, as all were that were written before there were sounds.</summary>
internal sealed class StimulusPipelineConverter : JsonConverter<StimulusPipeline>
{
    public override StimulusPipeline? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var node = JsonNode.Parse(ref reader);
        return node is JsonObject pipeline && StimulusPipelineFile.KindOf(pipeline) == SoundPipeline.Word
            ? node.Deserialize<SoundPipeline>(options) : node.Deserialize<PicturePipeline>(options);
    }

    public override void Write(Utf8JsonWriter writer, StimulusPipeline value, JsonSerializerOptions options) => JsonSerializer.Serialize(writer, value, value.GetType(), options);
}
