namespace PerceptionStudy.Synthesis.Gradients;

/// <summary>How a gradient is taken.</summary>
public sealed record GradientOptions
{
    /// <summary>
    /// Default true: if the stage is the output of a Relu, that one node passes its gradient on unmasked, so that units that are
    /// silent can be switched on (Feather et al. 2023, the "fake ReLU" of the published code). Other nodes keep their gradients.
    /// </summary>
    public bool IdentityReluAtStage { get; init; } = true;
}
