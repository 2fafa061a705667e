using System.Text.Json;
using PerceptionStudy.Synthesis.FrontEnds;

namespace PerceptionStudy.Server.Models;

/// <summary>A pipeline as the fields of a form: those of its kind, and what all have; class names one a line.</summary>
public sealed class PipelineForm
{
    /// <summary>Whether the model takes sounds; else it takes pictures.</summary>
    public bool IsSound { get; set; }

    public PictureFields Picture { get; private init; } = PictureFields.Of(new PicturePipeline());
    public SoundFields Sound { get; private init; } = SoundFields.Of(new SoundPipeline());
    public string Classes { get; set; } = "";
    public IReadOnlyDictionary<string, int[]> Categories { get; set; } = new Dictionary<string, int[]>();
    public string Decision { get; set; } = "";

    public static PipelineForm Of(StimulusPipeline pipeline) => new()
    {
        IsSound = pipeline is SoundPipeline,
        Picture = PictureFields.Of(pipeline as PicturePipeline ?? new PicturePipeline()),
        Sound = SoundFields.Of(pipeline as SoundPipeline ?? new SoundPipeline()),
        Classes = pipeline.Classes is null ? "" : string.Join('\n', pipeline.Classes),
        Categories = pipeline.Categories,
        Decision = pipeline.Decision,
    };

    /// <exception cref="FormatException">A field cannot be read; the message names it.</exception>
    public StimulusPipeline Read()
    {
        StimulusPipeline input = IsSound ? Sound.Read() : Picture.Read();
        return input with { Classes = ClassNames, Categories = Categories.ToDictionary(), Decision = Decision };
    }

    /// <summary>The class names: one a line, or a JSON list; null if there are none.</summary>
    /// <exception cref="FormatException">It looks like JSON, and is none.</exception>
    public string[]? ClassNames
    {
        get
        {
            if (string.IsNullOrWhiteSpace(Classes)) return null;
            if (!Classes.TrimStart().StartsWith('[')) return [.. Classes.Trim().Split('\n').Select(line => line.Trim())];
            try
            {
                return JsonSerializer.Deserialize<string[]>(Classes);
            }
            catch (JsonException e)
            {
                throw new FormatException("Class names: write one a line, or a list in JSON, for example [\"tench\", \"goldfish\"].", e);
            }
        }
    }
}
