using System.Text.Json.Serialization;
using PerceptionStudy.Synthesis.FrontEnds;

namespace PerceptionStudy.Synthesis.Hosting;

/// <summary>
/// What a synthesis host can be asked to do. One request is one JSON line on its standard input;
/// tensors, pictures and models travel as file paths.
/// </summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "do")]
[JsonDerivedType(typeof(InspectModel), "inspect-model")]
[JsonDerivedType(typeof(PreparePicture), "prepare-picture")]
[JsonDerivedType(typeof(PrepareSound), "prepare-sound")]
[JsonDerivedType(typeof(ReadSound), "read-sound")]
[JsonDerivedType(typeof(MakeThumbnail), "make-thumbnail")]
[JsonDerivedType(typeof(ObserveStimuli), "observe-stimuli")]
[JsonDerivedType(typeof(MeasureMatch), "measure-match")]
[JsonDerivedType(typeof(MeasureNull), "measure-null")]
[JsonDerivedType(typeof(SynthesizeMetamer), "synthesize-metamer")]
[JsonDerivedType(typeof(SynthesizeMetamers), "synthesize-metamers")]
[JsonDerivedType(typeof(ComputeGradient), "compute-gradient")]
[JsonDerivedType(typeof(ChooseProvider), "choose-provider")]
[JsonDerivedType(typeof(SynthesizeControversial), "synthesize-controversial")]
[JsonDerivedType(typeof(ComputeEigendistortions), "compute-eigendistortions")]
public abstract record SynthesisRequest;

/// <summary>Reads a model file and lists its inputs and stages. Answer: <see cref="ModelDescription"/>.</summary>
/// <param name="Model">Path of the ONNX file.</param>
public sealed record InspectModel(string Model) : SynthesisRequest;

/// <summary>Decodes an uploaded picture, crops and resizes it, and writes an 8-bit RGB PNG. Answer: <see cref="PreparedPicture"/>.</summary>
/// <param name="Input">Path of the uploaded file: PNG, JPEG, WebP, GIF or BMP.</param>
/// <param name="Output">Path of the PNG to write.</param>
/// <param name="Width">Width of the result in pixels; null keeps the picture's own.</param>
/// <param name="Height">Height of the result in pixels; null keeps the picture's own.</param>
/// <param name="Crop"><c>centre-square</c> or <c>squash</c>.</param>
/// <param name="CropFraction">Side of the square as a fraction of the picture's shorter side, above 0 to 1.</param>
public sealed record PreparePicture(string Input, string Output, int? Width, int? Height, string Crop = "centre-square", double CropFraction = 1) : SynthesisRequest;

/// <summary>Decodes an uploaded sound, brings it to a rate, length and level, and writes a 16-bit WAV of one channel. Answer: <see cref="PreparedSound"/>.</summary>
/// <param name="Input">Path of the uploaded file: WAV, or what ffmpeg reads where it is installed.</param>
/// <param name="Output">Path of the WAV to write.</param>
/// <param name="RateHz">Sampling rate of the result.</param>
/// <param name="Samples">Length of the result; null keeps the sound's own. Of a longer sound the middle is taken, a shorter one stands in the middle of silence.</param>
/// <param name="Rms">Level of the result over its whole length, where full scale is 1.</param>
/// <param name="Waveform">Path of a PNG of the waveform to write, or null.</param>
/// <param name="Spectrogram">Path of a PNG of the spectrogram to write, or null.</param>
public sealed record PrepareSound(
    string Input, string Output, int RateHz = 20_000, int? Samples = null, double Rms = 0.1, string? Waveform = null, string? Spectrogram = null) : SynthesisRequest;

/// <summary>Reads a finished sound, and writes what is asked for; its samples stay as they are. Answer: <see cref="PreparedSound"/>.</summary>
/// <param name="Input">Path of the sound.</param>
/// <param name="Output">Path of a 16-bit WAV of one channel to write, or null.</param>
/// <param name="Waveform">Path of a PNG of the waveform to write, or null.</param>
/// <param name="Spectrogram">Path of a PNG of the spectrogram to write, or null.</param>
public sealed record ReadSound(string Input, string? Output = null, string? Waveform = null, string? Spectrogram = null) : SynthesisRequest;

/// <summary>Decodes a picture and writes a small JPEG of it, for galleries. Answer: <see cref="PreparedPicture"/>.</summary>
/// <param name="Input">Path of the picture.</param>
/// <param name="Output">Path of the JPEG to write.</param>
/// <param name="SidePixels">Its longer side in pixels, 16 to 1,024; a smaller picture keeps its size.</param>
public sealed record MakeThumbnail(string Input, string Output, int SidePixels) : SynthesisRequest;

/// <summary>Lets a model answer the forced-choice question for pictures or sounds. Answer: <see cref="ModelAnswers"/>, in their order.</summary>
/// <param name="Model">Path of the ONNX file.</param>
/// <param name="Pipeline">How pictures become input and outputs become categories.</param>
/// <param name="Stimuli">Paths of the pictures or sounds.</param>
public sealed record ObserveStimuli(string Model, StimulusPipeline Pipeline, string[] Stimuli) : SynthesisRequest;

/// <summary>Measures how well a metamer that was made elsewhere matches its natural stimulus. Answer: <see cref="MatchResult"/>.</summary>
/// <param name="Model">Path of the ONNX file.</param>
/// <param name="Pipeline">How stimuli become input and outputs become categories.</param>
/// <param name="Natural">Path of the natural picture or sound.</param>
/// <param name="Metamer">Path of the metamer.</param>
/// <param name="Stage">Name or tensor of the stage at which they shall match.</param>
public sealed record MeasureMatch(string Model, StimulusPipeline Pipeline, string Natural, string Metamer, string Stage) : SynthesisRequest;

/// <summary>Measures how alike random pairs of pictures are at the stages: the null distribution of the match. Answer: <see cref="NullSummary"/>.</summary>
/// <param name="Model">Path of the ONNX file.</param>
/// <param name="Pipeline">How pictures become input.</param>
/// <param name="Stages">Names or tensors of the stages.</param>
/// <param name="Pool">Paths of the pictures or sounds to draw pairs from; at least two.</param>
/// <param name="Pairs">How many pairs, 1 to 10 million. No pair is used twice.</param>
/// <param name="Seed">Seed of the crops and of what is drawn.</param>
/// <param name="Output">Path of the JSON file to write, which <see cref="SynthesizeMetamer.Null"/> reads; stages that it holds already are not measured again.</param>
/// <param name="Augmentation">
/// <c>random-resized-crop</c> (the default of pictures): random crops, resized and mirrored as in ImageNet training, as many as the pairs need;
/// <c>random-shift</c> (that of sounds): each sound at random places;
/// <c>none</c>: each picture or sound once as the pipeline makes it, so that n of them have n(n − 1)/2 pairs at most.
/// </param>
public sealed record MeasureNull(
    string Model, StimulusPipeline Pipeline, string[] Stages, string[] Pool, int Pairs, int Seed, string Output, string? Augmentation = null) : SynthesisRequest;

/// <summary>Makes one metamer of one natural picture at one stage. Answer: <see cref="MetamerResult"/>; <see cref="SynthesisProgress"/> on the way.</summary>
/// <param name="Model">Path of the ONNX file.</param>
/// <param name="Pipeline">How pictures become input and outputs become categories.</param>
/// <param name="Natural">Path of the natural picture or sound.</param>
/// <param name="Stage">Name or tensor of the stage.</param>
/// <param name="Output">Path of the PNG or WAV to write; the manifest is written beside it with the ending <c>.json</c>.</param>
/// <param name="Preset"><c>feather2023</c> or <c>fast</c>.</param>
/// <param name="Steps">Gradient evaluations in all, null for the preset's own number (24,000 for feather2023).</param>
/// <param name="Seed">Seed of the initial noise; one seed is the same noise at all stages.</param>
/// <param name="Null">Path of a file written by <see cref="MeasureNull"/>, or null when no null distribution is known.</param>
/// <param name="Checkpoint">Path where the state is kept while the synthesis runs, and from which it goes on; null keeps none.</param>
/// <param name="Preview">Path of a PNG or WAV that is renewed with each progress message, or null.</param>
/// <param name="Provider">ONNX Runtime's execution provider: <c>cpu</c> (the default), <c>cuda</c>, <c>webgpu</c> or <c>auto</c>; one that does not work here gives way to the CPU.</param>
/// <param name="IdentityRelu">Whether a ReLU that makes the stage passes its gradient on unmasked (Feather et al. 2023, the default).</param>
/// <param name="TimeLimitSeconds">Ends the synthesis after so long, with the picture reached by then; null: no limit. Not for use where the bytes must come again.</param>
/// <param name="CheckpointSeconds">Time between two writings of the checkpoint.</param>
/// <param name="Afresh">Whether to forget what an earlier run left beside the output, once everything that is asked for has been found.</param>
/// <param name="Rms">Level, above 0 and below 1, that the saved sound is brought to before it is measured and judged; null leaves the level that the synthesis ended with, as pictures do.</param>
/// <param name="LossLevel">Fraction of the loss at the start, above 0 and below 1, at which the synthesis is cut off (<see cref="Criteria.LossLevelRule"/>); null drives it to its end.</param>
public sealed record SynthesizeMetamer(
    string Model, StimulusPipeline Pipeline, string Natural, string Stage, string Output, string Preset = "feather2023", int? Steps = null,
    int Seed = 0, string? Null = null, string? Checkpoint = null, string? Preview = null, string Provider = "cpu", bool IdentityRelu = true, double? TimeLimitSeconds = null,
    double CheckpointSeconds = 5, bool Afresh = false, double? Rms = null, double? LossLevel = null) : SynthesisRequest;

/// <summary>Makes metamers that differ in picture, seed and files only, together in each step. Answer: <see cref="MetamerResults"/>.</summary>
/// <param name="Metamers">At least one.</param>
public sealed record SynthesizeMetamers(SynthesizeMetamer[] Metamers) : SynthesisRequest;

/// <summary>Asks which execution provider works. Answer: <see cref="ProviderChoice"/>.</summary>
/// <param name="Wish"><c>auto</c>, <c>cpu</c>, <c>cuda</c> or <c>webgpu</c>.</param>
public sealed record ChooseProvider(string Wish) : SynthesisRequest;

/// <summary>Computes d loss / d input at a point, for checks from outside. Answer: <see cref="GradientResult"/>.</summary>
/// <param name="Model">Path of the ONNX file.</param>
/// <param name="Stage">Name or tensor of the stage.</param>
/// <param name="Natural">Path of the natural input, a float32 .npy of the model's input shape.</param>
/// <param name="At">Path of the point, the same shape.</param>
/// <param name="Output">Path of the .npy to write.</param>
/// <param name="IdentityRelu">Whether a ReLU that makes the stage passes its gradient on unmasked.</param>
/// <param name="Provider">ONNX Runtime's execution provider.</param>
public sealed record ComputeGradient(string Model, string Stage, string Natural, string At, string Output, bool IdentityRelu = true, string Provider = "cpu") : SynthesisRequest;
