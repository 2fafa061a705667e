using PerceptionStudy.Synthesis.FrontEnds;

namespace PerceptionStudy.Synthesis.Hosting;

/// <summary>One input of a model.</summary>
/// <param name="Name">Name of the input.</param>
/// <param name="Type">Element type as ONNX writes it, for example <c>float32</c>.</param>
/// <param name="Shape">Dimensions; −1 where the file leaves one open.</param>
public sealed record ModelInput(string Name, string Type, long[] Shape);

/// <summary>A tensor of a model that a metamer can match.</summary>
/// <param name="Name">Readable name, unique in the model.</param>
/// <param name="Tensor">Name of the tensor in the file.</param>
/// <param name="OpType">ONNX operator that makes it.</param>
/// <param name="Shape">Its dimensions at batch 1.</param>
/// <param name="Size">Number of values.</param>
/// <param name="Differentiable">Whether a gradient reaches the input from here.</param>
/// <param name="Reason">Why not, naming node, operator and opset, and what to do; null if it does.</param>
/// <param name="Proposed">Whether it belongs to the set proposed for a study.</param>
/// <param name="RelativeSize">Number of values, divided by that of the input.</param>
public sealed record ModelStageDescription(
    string Name, string Tensor, string OpType, long[] Shape, long Size, bool Differentiable, string? Reason, bool Proposed, double RelativeSize);

/// <summary>What a model file holds.</summary>
/// <param name="Sha256">Hash of the file, lower-case hexadecimal.</param>
/// <param name="Opset">Version of the standard operator set that the file asks for.</param>
/// <param name="Inputs">Its inputs.</param>
/// <param name="Stages">Every tensor that can serve, from input to output.</param>
/// <param name="Outputs">Number of values of the last output at batch 1: the number of classes.</param>
/// <param name="Pipeline">The picture pipeline that the file suggests, and what that was read from; null if its input is no picture.</param>
/// <param name="Sound">The sound pipeline that the file suggests; null if its input is no sound.</param>
public sealed record ModelDescription(string Sha256, int Opset, ModelInput[] Inputs, ModelStageDescription[] Stages, long Outputs, InferredPipeline? Pipeline = null, InferredSound? Sound = null);

/// <summary>A picture as it is kept.</summary>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="Sha256">Hash of the PNG, lower-case hexadecimal.</param>
public sealed record PreparedPicture(int Width, int Height, string Sha256);

/// <summary>A sound as it is kept.</summary>
/// <param name="RateHz">Sampling rate.</param>
/// <param name="Samples">Length.</param>
/// <param name="Rms">Level, where full scale is 1.</param>
/// <param name="Peak">Largest magnitude, where full scale is 1.</param>
/// <param name="Sha256">Hash of the WAV, lower-case hexadecimal.</param>
/// <param name="Note">What had to be done about its level, in a sentence; null if nothing.</param>
/// <param name="LoudnessLufs">Integrated loudness (ITU-R BS.1770-4); null of a sound that is too quiet to have one.</param>
public sealed record PreparedSound(int RateHz, int Samples, double Rms, double Peak, string Sha256, string? Note, double? LoudnessLufs);

/// <summary>One answer of a model.</summary>
/// <param name="Category">The category that the pipeline's decision rule gives.</param>
/// <param name="ClassIndex">The highest class.</param>
/// <param name="ClassName">Its name, or its number.</param>
/// <param name="Scores">
/// What the rule compares, for each category that has classes: the highest output (first-hit) or the mean probability. Among fewer categories the
/// same rule gives the highest of theirs. Empty where the pipeline names no categories.
/// </param>
/// <param name="Top">The five most probable classes, the first first; empty where an output is not a finite number, absent in answers of older files.</param>
public sealed record ModelAnswer(string Category, int ClassIndex, string ClassName, IReadOnlyDictionary<string, float> Scores, ClassProbability[]? Top = null);

/// <summary>How sure a model is of a class.</summary>
/// <param name="ClassIndex">Number of the class, from 0.</param>
/// <param name="ClassName">Its name, or its number.</param>
/// <param name="Probability">The softmax of the model's outputs, or the output itself where it is a probability.</param>
public sealed record ClassProbability(int ClassIndex, string ClassName, double Probability);

/// <summary>A model's answers, in the order of the pictures.</summary>
/// <param name="Answers">One answer for each picture.</param>
public sealed record ModelAnswers(ModelAnswer[] Answers);

/// <summary>The three measures of match between two activations (Feather et al. 2023), and the true decibels.</summary>
/// <param name="Spearman">Rank correlation, −1 to 1.</param>
/// <param name="Pearson">Product-moment correlation r, −1 to 1.</param>
/// <param name="PaperSnrDb">10·log10(‖A0‖/‖A0−A‖), as the paper's code computes it: half the usual decibels.</param>
public sealed record MatchMeasures(double Spearman, double Pearson, double PaperSnrDb);

/// <summary>How well a metamer matches its natural picture.</summary>
/// <param name="Match">The three measures.</param>
/// <param name="Loss">‖A(x)−A(x0)‖/‖A(x0)‖.</param>
/// <param name="NaturalClass">The model's category of the natural picture.</param>
/// <param name="MetamerClass">The model's category of the metamer.</param>
public sealed record MatchResult(MatchMeasures Match, double Loss, string NaturalClass, string MetamerClass);

/// <summary>The null distribution of one stage.</summary>
/// <param name="Stage">Name of the stage.</param>
/// <param name="Pairs">Number of pairs measured.</param>
/// <param name="Max">The largest value of each measure.</param>
/// <param name="Seconds">Time taken.</param>
public sealed record StageNullSummary(string Stage, int Pairs, MatchMeasures Max, double Seconds);

/// <summary>The null distributions of the stages asked for.</summary>
/// <param name="Stages">One summary for each stage.</param>
public sealed record NullSummary(StageNullSummary[] Stages);

/// <summary>Where a synthesis stands.</summary>
/// <param name="Step">Gradient evaluations done.</param>
/// <param name="Steps">Gradient evaluations in all.</param>
/// <param name="Loss">‖A(x)−A(x0)‖/‖A(x0)‖ at this step.</param>
/// <param name="GradientNorm">L2 norm of the gradient at this step.</param>
/// <param name="Metamer">Which of the request's metamers, from 0.</param>
/// <param name="Ended">Why it ended, as in <see cref="MetamerResult"/>; null while it goes on.</param>
public sealed record SynthesisProgress(int Step, int Steps, double Loss, double GradientNorm, int Metamer = 0, string? Ended = null);

/// <summary>A finished metamer.</summary>
/// <param name="Input">Path of the natural picture.</param>
/// <param name="Stage">Name of the stage.</param>
/// <param name="Output">Path of the PNG.</param>
/// <param name="GradientEvaluations">Gradient evaluations done.</param>
/// <param name="Loss">Loss of the last iterate, in float.</param>
/// <param name="LossOfSavedFile">Loss of the 8-bit picture as saved, which people and other models see.</param>
/// <param name="Spearman">Rank correlation of the saved file's activation with the natural one's.</param>
/// <param name="Pearson">Product-moment correlation of the same.</param>
/// <param name="SnrDb">20·log10(‖A0‖/‖A0−A‖) of the saved file.</param>
/// <param name="PaperSnrDb">10·log10 of the same ratio, as the paper's code computes it.</param>
/// <param name="NaturalClass">The model's category of the natural picture.</param>
/// <param name="MetamerClass">The model's category of the saved file.</param>
/// <param name="Accepted">Whether both criteria hold: the same category, and each measure above the null's maximum. Of a synthesis cut off at a loss level, whether the saved file has that level.</param>
/// <param name="Reasons">Why not, in sentences; empty if accepted.</param>
/// <param name="Seconds">Time taken.</param>
/// <param name="Ended">Why the synthesis ended: <c>steps</c>, <c>plateau</c>, <c>converged</c>, <c>loss-level</c> or <c>time-limit</c>.</param>
/// <param name="Provider">The execution provider that ran.</param>
/// <param name="ProviderNote">Why it was not just the one asked for; null if it was.</param>
public sealed record MetamerResult(
    string Input, string Stage, string Output, int GradientEvaluations, double Loss, double LossOfSavedFile, double Spearman, double Pearson,
    double SnrDb, double PaperSnrDb, string NaturalClass, string MetamerClass, bool Accepted, string[] Reasons, double Seconds,
    string Ended = "steps", string Provider = "cpu", string? ProviderNote = null);

/// <summary>Metamers that were made together, in the order of the request.</summary>
/// <param name="Metamers">One result for each.</param>
public sealed record MetamerResults(MetamerResult[] Metamers);

/// <summary>A gradient as computed for a check.</summary>
/// <param name="Loss">The loss at the point.</param>
/// <param name="GradientNorm">L2 norm of the gradient.</param>
/// <param name="Provider">The execution provider that ran.</param>
/// <param name="ProviderNote">Why it was not just the one asked for; null if it was.</param>
public sealed record GradientResult(double Loss, double GradientNorm, string Provider, string? ProviderNote = null);
