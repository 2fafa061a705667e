using PerceptionStudy.Synthesis.FrontEnds;

namespace PerceptionStudy.Synthesis.Hosting;

/// <summary>One of the two models of a controversial stimulus, and what it shall see.</summary>
/// <param name="Model">Path of the ONNX file.</param>
/// <param name="Pipeline">How pictures become input and outputs become categories.</param>
/// <param name="Category">A category of the pipeline, or a class by name or number.</param>
public sealed record ControversialSide(string Model, PicturePipeline Pipeline, string Category);

/// <summary>Makes a picture in which two models see two different categories. Answer: <see cref="ControversialResult"/>; <see cref="SynthesisProgress"/> on the way.</summary>
/// <param name="A">The first model.</param>
/// <param name="B">The second model.</param>
/// <param name="Output">Path of the PNG to write; the manifest is written beside it with the ending <c>.json</c>.</param>
/// <param name="Steps">Most gradient steps; it stops before when both are sure.</param>
/// <param name="Seed">Seed of the initial noise.</param>
/// <param name="Threshold">The probability that each model must give to its category in the saved picture, default 0.75.</param>
/// <param name="Provider">ONNX Runtime's execution provider.</param>
public sealed record SynthesizeControversial(
    ControversialSide A, ControversialSide B, string Output, int Steps = 1000, int Seed = 0, double Threshold = 0.75, string Provider = "cpu") : SynthesisRequest;

/// <summary>What one model sees in a controversial stimulus as saved.</summary>
/// <param name="Category">What it shall see.</param>
/// <param name="Probability">The softmax probability that it gives to the classes of that category.</param>
/// <param name="Answer">Its answer by its own decision rule.</param>
public sealed record ControversialReadout(string Category, double Probability, ModelAnswer Answer);

/// <summary>A finished controversial stimulus.</summary>
/// <param name="Output">Path of the PNG.</param>
/// <param name="Steps">Gradient steps done.</param>
/// <param name="Score">The smaller of the two models' probabilities in the saved picture: the controversiality score.</param>
/// <param name="A">What the first model sees.</param>
/// <param name="B">What the second model sees.</param>
/// <param name="Accepted">Whether both models see what they shall, with a probability of the threshold or more.</param>
/// <param name="Reasons">Why not, in sentences; empty if accepted.</param>
/// <param name="Seconds">Time taken.</param>
public sealed record ControversialResult(
    string Output, int Steps, double Score, ControversialReadout A, ControversialReadout B, bool Accepted, string[] Reasons, double Seconds);

/// <summary>Computes the most and the least noticeable change of a picture at a stage. Answer: <see cref="EigendistortionResult"/>; <see cref="SynthesisProgress"/> on the way.</summary>
/// <param name="Model">Path of the ONNX file.</param>
/// <param name="Pipeline">How pictures become input.</param>
/// <param name="Natural">Path of the picture.</param>
/// <param name="Stage">Name or tensor of the stage.</param>
/// <param name="Output">Path without ending; <c>-most.png</c>, <c>-most.npy</c>, <c>-least.png</c>, <c>-least.npy</c> and <c>.json</c> are written.</param>
/// <param name="Iterations">Most products with JᵀJ for each of the two.</param>
/// <param name="Tolerance">The residual ‖Fv − λv‖/λmax that is good enough.</param>
/// <param name="Rms">Root mean square of the distortion in the saved pictures, pixel units 0 to 1.</param>
/// <param name="Seed">Seed of the first directions.</param>
/// <param name="Provider">ONNX Runtime's execution provider.</param>
public sealed record ComputeEigendistortions(
    string Model, PicturePipeline Pipeline, string Natural, string Stage, string Output, int Iterations = 500, double Tolerance = 0.001, double Rms = 0.05,
    int Seed = 0, string Provider = "cpu") : SynthesisRequest;

/// <summary>One eigendistortion.</summary>
/// <param name="Eigenvalue">λ: the squared change of the activation for a change of the picture of length 1, pixel units 0 to 1.</param>
/// <param name="Iterations">Products with JᵀJ that were needed.</param>
/// <param name="Residual">‖Fv − λv‖/λmax.</param>
/// <param name="PredictedDistance">Length of the saved distortion times √λ: how far the activation should move while the model is linear.</param>
/// <param name="DistanceOfSavedFile">How far it moves in fact, with the 8-bit picture as saved.</param>
/// <param name="Output">Path of the distorted picture.</param>
/// <param name="Vector">Path of the direction, .npy [3,H,W] of norm 1.</param>
public sealed record Eigendistortion(double Eigenvalue, int Iterations, double Residual, double PredictedDistance, double DistanceOfSavedFile, string Output, string Vector);

/// <summary>The two eigendistortions of a picture at a stage.</summary>
/// <param name="Input">Path of the picture.</param>
/// <param name="Stage">Name of the stage.</param>
/// <param name="Most">The most noticeable.</param>
/// <param name="Least">The least noticeable.</param>
/// <param name="Accepted">Whether both have converged, and the saved pictures move the stage in that order.</param>
/// <param name="Reasons">Why not, in sentences; empty if accepted.</param>
/// <param name="Seconds">Time taken.</param>
public sealed record EigendistortionResult(string Input, string Stage, Eigendistortion Most, Eigendistortion Least, bool Accepted, string[] Reasons, double Seconds);
