using PerceptionStudy.Server.Accounts;
using PerceptionStudy.Server.Accounts.Api;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Synthesis.FrontEnds;

namespace PerceptionStudy.Server.Models;

/// <summary>Trying a model over the HTTP API.</summary>
public static class TryOutEndpoint
{
    public static void MapTryOutApi(this RouteGroupBuilder api) =>
        api.MapPost("/models/{modelId:guid}/try", TryAsync).WithTags("Models").Needs(TokenScopes.Read).Accepts<Stream>("application/octet-stream")
            .WithSummary("Let a model answer for a picture or sound of your own: it is the body, or the id of an upload is in the query")
            .WithDescription("Nothing of it is kept. The answer holds the category, the likeliest classes, and in base64 what the model got: the picture, or waveform, spectrogram and WAV.");

    private static async Task<TryOut> TryAsync(Guid modelId, Guid? upload, HttpContext http, SentFile sent, TryOuts tryOuts, StudyDb db, CancellationToken cancel)
    {
        var model = await ModelEndpoints.FindAsync(db, modelId, cancel);
        return await sent.TakeAsync(http, upload, model.Pipeline is SoundPipeline ? sent.Limits.SoundMegabytes : sent.Limits.PictureMegabytes, file => tryOuts.RunAsync(modelId, file, cancel));
    }
}
