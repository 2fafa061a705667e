using Microsoft.AspNetCore.Http.Features;

namespace PerceptionStudy.Server.Data;

/// <summary>How large the body of a request may be, where that differs from the server's own limit.</summary>
internal static class BodySize
{
    /// <summary>Has to come before the body is read.</summary>
    public static void AllowBody(this HttpContext http, long bytes)
    {
        if (http.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = bytes;
    }
}
