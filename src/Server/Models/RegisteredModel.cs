using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using PerceptionStudy.Server.Accounts.Auditing;
using PerceptionStudy.Synthesis.FrontEnds;

namespace PerceptionStudy.Server.Models;

/// <summary>An ONNX model as it was uploaded: the file never changes. A new file in its place is a new version, a row of its own; what was made with the old one keeps it.</summary>
[Audited]
public sealed class RegisteredModel
{
    public Guid Id { get; set; }

    /// <summary>What the versions of a model have in common: the id of the first.</summary>
    public Guid FamilyId { get; set; }

    /// <summary>1 for the first file, and so on.</summary>
    public int Version { get; set; } = 1;

    public required string Name { get; set; }
    public required string FileName { get; set; }

    /// <summary>Hash of the file, and its key in the blob store; empty while only the model's name is known (<see cref="ModelByName"/>).</summary>
    public required string Sha256 { get; set; }

    /// <summary>Whether it came by its hash with somebody's study, or by its name with metamers: until its file is given, it makes nothing and answers nothing.</summary>
    public bool FileMissing { get; set; }

    /// <summary>That its file is missing, as a sentence for whoever wants to use it; null where it is here.</summary>
    public string? FileProblem => FileMissing ? $"The file of {Name} is missing: give it on the model's page first." : null;

    public long Bytes { get; set; }
    public int Opset { get; set; }
    public required string InputName { get; set; }

    /// <summary>Dimensions joined by ×, for example <c>1×3×96×96</c>.</summary>
    public required string InputShape { get; set; }

    /// <summary>Number of values of the last output: the number of classes.</summary>
    public long Outputs { get; set; }

    /// <summary>The <see cref="StimulusPipeline"/> as JSON.</summary>
    public required string PipelineJson { get; set; }

    /// <summary>What the file told about the pipeline when it was registered, and what it did not, one sentence a line.</summary>
    public string PipelineReasons { get; set; } = "";

    public DateTimeOffset RegisteredAt { get; set; }

    /// <summary>A file's size as people read it.</summary>
    public static string SizeText(long bytes) => bytes < 1_000_000 ? $"{Math.Ceiling(bytes / 1e3):0} kB" : $"{bytes / 1e6:0.0} MB";

    public List<ModelStage> Stages { get; } = [];

    /// <summary>How pictures or sounds become its input, and its outputs become categories.</summary>
    public StimulusPipeline Pipeline
    {
        get => JsonSerializer.Deserialize<StimulusPipeline>(PipelineJson, JsonSerializerOptions.Web)!;
        set => PipelineJson = JsonSerializer.Serialize(value, JsonSerializerOptions.Web);
    }
}

/// <summary>A tensor of a model that a metamer can match.</summary>
public sealed class ModelStage
{
    public Guid Id { get; set; }
    public Guid ModelId { get; set; }

    /// <summary>Order from input to output.</summary>
    public int Position { get; set; }

    public required string Name { get; set; }
    public required string Tensor { get; set; }
    public required string OpType { get; set; }
    public required string Shape { get; set; }
    public long Size { get; set; }
    public bool Differentiable { get; set; }
    public string? Reason { get; set; }
    public bool Proposed { get; set; }
}

internal sealed class RegisteredModelConfiguration : IEntityTypeConfiguration<RegisteredModel>, IEntityTypeConfiguration<ModelStage>
{
    public void Configure(EntityTypeBuilder<RegisteredModel> model)
    {
        model.Ignore(m => m.Pipeline);
        model.HasIndex(m => m.Name).IsUnique();
        model.HasIndex(m => m.Sha256).IsUnique().HasFilter("\"Sha256\" <> ''");
        model.HasIndex(m => new { m.FamilyId, m.Version });
        model.HasMany(m => m.Stages).WithOne().HasForeignKey(s => s.ModelId).OnDelete(DeleteBehavior.Cascade);
    }

    public void Configure(EntityTypeBuilder<ModelStage> stage) =>
        stage.HasIndex(s => new { s.ModelId, s.Name }).IsUnique();
}
