namespace PerceptionStudy.Server.Operation.Web;

/// <summary>What every answer tells the browser about how to treat it.</summary>
public static class SecurityHeaders
{
    private const string Permissions = "accelerometer=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=()";

    /// <summary>A year; only sent over https, and never for localhost.</summary>
    public static void AddSecurityHeaders(this IServiceCollection services) => services.AddHsts(hsts => hsts.MaxAge = TimeSpan.FromDays(365));

    /// <summary>Use it first, after the forwarded headers: it holds for refusals and files too.</summary>
    public static void UseSecurityHeaders(this IApplicationBuilder app)
    {
        app.UseHsts();
        app.Use((http, next) =>
        {
            var headers = http.Response.Headers;
            http.Response.OnStarting(() =>
            {
                headers.ContentSecurityPolicy = ContentSecurityPolicy.Of(http);
                return Task.CompletedTask;
            });
            headers.XContentTypeOptions = "nosniff";
            // Addresses hold session ids, and recruiters' ids of people.
            headers["Referrer-Policy"] = "no-referrer";
            headers["Cross-Origin-Opener-Policy"] = "same-origin";
            headers["Cross-Origin-Resource-Policy"] = "same-origin";
            headers["Permissions-Policy"] = Permissions;
            return next(http);
        });
    }
}
