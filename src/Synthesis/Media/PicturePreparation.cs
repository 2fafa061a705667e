using PerceptionStudy.Synthesis.Hosting;

namespace PerceptionStudy.Synthesis.Media;

/// <summary>Turns an uploaded picture into the PNG that is kept.</summary>
public static class PicturePreparation
{
    /// <summary>Decodes, crops, resizes, writes.</summary>
    /// <param name="request">What to read and write, and the size wanted.</param>
    /// <exception cref="SynthesisException">The picture cannot be read, or the size makes no sense.</exception>
    public static PreparedPicture Prepare(PreparePicture request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.Crop is not ("centre-square" or "squash"))
            throw new SynthesisException($"The crop '{request.Crop}' is not known; take centre-square or squash.");
        if (request.Width is < 1 or > 4096 || request.Height is < 1 or > 4096)
            throw new SynthesisException("A picture's width and height must be 1 to 4,096 pixels.");
        var whole = PictureFile.Read(request.Input);
        var cut = request.Crop == "squash" ? whole : whole.CentreSquare(request.CropFraction);
        var kept = cut.Resize(request.Width ?? cut.Width, request.Height ?? cut.Height);
        PictureFile.WritePng(kept, request.Output);
        return new(kept.Width, kept.Height, WholeFile.Sha256(request.Output));
    }
}
