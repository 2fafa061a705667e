using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Synthesis.FrontEnds;
using PerceptionStudy.Synthesis.Hosting;

namespace PerceptionStudy.Server.Models;

/// <summary>What a model made of a stimulus that somebody tried, and the stimulus as the model got it.</summary>
/// <param name="Answer">Its answer.</param>
/// <param name="Picture">A PNG: the picture, or the spectrogram of the sound.</param>
/// <param name="Waveform">A PNG of the sound's waveform; null of a picture.</param>
/// <param name="Wav">The sound, 16 bits; null of a picture.</param>
/// <param name="Note">What had to be done about the sound's level, or null.</param>
public sealed record TryOut(ModelAnswer Answer, byte[] Picture, byte[]? Waveform = null, byte[]? Wav = null, string? Note = null);

/// <summary>Lets a model answer for a picture or sound of a researcher's own; nothing of it is kept.</summary>
public sealed class TryOuts(IDbContextFactory<StudyDb> databases, BlobStore blobs, DataFolder data, SynthesisHosts hosts)
{
    /// <exception cref="RefusedException">The file cannot be read, the model cannot run on it, or its own file is missing.</exception>
    public async Task<TryOut> RunAsync(Guid modelId, Stream file, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var model = await db.Models.AsNoTracking().FirstAsync(m => m.Id == modelId, cancel);
        if (model.FileProblem is { } missing) throw new RefusedException(missing);
        var folder = Directory.CreateDirectory(data.NewTemporaryPath()).FullName;
        var uploaded = Path.Combine(folder, "uploaded");
        try
        {
            await using (var target = File.Create(uploaded)) await file.CopyToAsync(target, cancel);
            return model.Pipeline switch
            {
                SoundPipeline sounds => await HearAsync(model, sounds, folder, uploaded, cancel),
                var pictures => await LookAsync(model, (PicturePipeline)pictures, folder, uploaded, cancel),
            };
        }
        catch (SynthesisException e)
        {
            throw new RefusedException(e.Message.Replace(uploaded, "The file").Replace("uploaded is not", "The file is not"), e);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task<TryOut> LookAsync(RegisteredModel model, PicturePipeline pipeline, string folder, string uploaded, CancellationToken cancel)
    {
        var prepared = Path.Combine(folder, "prepared.png");
        await hosts.ForPeople.CallAsync<PreparedPicture>(new PreparePicture(uploaded, prepared, pipeline.Width, pipeline.Height, pipeline.Crop, pipeline.CropFraction), cancel: cancel);
        return new TryOut(await AnswerAsync(model, pipeline, prepared, cancel), await File.ReadAllBytesAsync(prepared, cancel));
    }

    private async Task<TryOut> HearAsync(RegisteredModel model, SoundPipeline pipeline, string folder, string uploaded, CancellationToken cancel)
    {
        var (prepared, waveform, spectrogram) = (Path.Combine(folder, "prepared.wav"), Path.Combine(folder, "waveform.png"), Path.Combine(folder, "spectrogram.png"));
        var sound = await hosts.ForPeople.CallAsync<PreparedSound>(new PrepareSound(uploaded, prepared, pipeline.RateHz, pipeline.Samples, Waveform: waveform, Spectrogram: spectrogram), cancel: cancel);
        return new TryOut(
            await AnswerAsync(model, pipeline, prepared, cancel), await File.ReadAllBytesAsync(spectrogram, cancel), await File.ReadAllBytesAsync(waveform, cancel), await File.ReadAllBytesAsync(prepared, cancel), sound.Note);
    }

    private async Task<ModelAnswer> AnswerAsync(RegisteredModel model, StimulusPipeline pipeline, string prepared, CancellationToken cancel) =>
        (await hosts.ForPeople.CallAsync<ModelAnswers>(new ObserveStimuli(await blobs.FetchAsync(model.Sha256, cancel), pipeline, [prepared]), cancel: cancel)).Answers[0];
}
