using PerceptionStudy.Synthesis.Hosting;

namespace PerceptionStudy.Synthesis.Media;

/// <summary>Small pictures for galleries: to be looked at by researchers, never by participants or models.</summary>
public static class Thumbnail
{
    /// <summary>Decodes, shrinks, writes. The shape stays; nothing is enlarged.</summary>
    /// <exception cref="SynthesisException">The picture cannot be read, or the size makes no sense.</exception>
    public static PreparedPicture Make(MakeThumbnail request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.SidePixels is < 16 or > 1024)
            throw new SynthesisException("A thumbnail's longer side must be 16 to 1,024 pixels.");
        var whole = PictureFile.Read(request.Input);
        var scale = Math.Min(1, (double)request.SidePixels / Math.Max(whole.Width, whole.Height));
        var small = whole.Resize(Math.Max(1, (int)Math.Round(scale * whole.Width)), Math.Max(1, (int)Math.Round(scale * whole.Height)));
        WholeFile.Write(request.Output, PictureFile.Jpeg(small));
        return new(small.Width, small.Height, WholeFile.Sha256(request.Output));
    }
}
