using System.Reflection;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Operation;

/// <summary>
/// Metrics, traces and logs by OpenTelemetry. With <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> all three are sent there; with <c>Metrics:Port</c> the server
/// answers Prometheus on that port, under <c>/metrics</c>, and nothing else there but its health. Without either, nothing is collected.
/// </summary>
public static class Observability
{
    private static readonly string[] Meters = [Telemetry.Name, "Npgsql", "System.Runtime", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "Microsoft.AspNetCore.RateLimiting", "Microsoft.AspNetCore.Components.Server.Circuits"];

    /// <summary>The port of Prometheus, or null.</summary>
    public static int? MetricsPort(IConfiguration configuration) => configuration.GetValue<int?>("Metrics:Port");

    public static void AddObservability(this IHostApplicationBuilder builder, string role)
    {
        var sends = builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is { Length: > 0 };
        var port = MetricsPort(builder.Configuration);
        if (!sends && port is null) return;
        var version = typeof(Observability).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion;
        var telemetry = builder.Services.AddOpenTelemetry()
            .ConfigureResource(resource => resource.AddService("perceptionstudy-" + role, serviceVersion: version))
            .WithMetrics(metrics =>
            {
                metrics.AddMeter(Meters);
                if (port is not null) metrics.AddPrometheusExporter();
            });
        if (!sends) return;
        telemetry.WithTracing(traces => traces.AddSource(Telemetry.Name, "Npgsql").AddAspNetCoreInstrumentation(requests =>
        {
            requests.Filter = http => !http.Request.Path.StartsWithSegments("/health");
            // The route is enough: the path names sessions, and the browser is nobody's business here.
            requests.EnrichWithHttpRequest = (span, _) => span.SetTag("url.path", null).SetTag("url.query", null).SetTag("user_agent.original", null).SetTag("client.address", null);
        }));
        builder.Logging.AddOpenTelemetry(logs => logs.IncludeFormattedMessage = true);
        telemetry.UseOtlpExporter();
    }

    /// <summary>On the metrics' port there is nothing else. Use it before everything that answers.</summary>
    public static void UseMetricsPort(this WebApplication app)
    {
        if (MetricsPort(app.Configuration) is not { } port) return;
        app.UseOpenTelemetryPrometheusScrapingEndpoint(http => http.Connection.LocalPort == port && http.Request.Path == "/metrics");
        app.Use((http, next) =>
        {
            if (http.Connection.LocalPort != port || http.Request.Path.StartsWithSegments("/health")) return next(http);
            http.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
    }
}
