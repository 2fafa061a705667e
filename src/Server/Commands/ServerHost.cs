using Microsoft.Extensions.Configuration.Memory;
using MudBlazor.Services;
using PerceptionStudy.Server.Accounts;
using PerceptionStudy.Server.Accounts.Api;
using PerceptionStudy.Server.Admin;
using PerceptionStudy.Server.Analysis;
using PerceptionStudy.Server.Analysis.Imports;
using PerceptionStudy.Server.Analysis.Monitoring;
using PerceptionStudy.Server.Analysis.Results;
using PerceptionStudy.Server.Analysis.Simulation;
using PerceptionStudy.Server.Campaigns;
using PerceptionStudy.Server.Commands.Demo;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Export;
using PerceptionStudy.Server.Models;
using PerceptionStudy.Server.Operation;
using PerceptionStudy.Server.Operation.Backups;
using PerceptionStudy.Server.Operation.Web;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Participation.Inviting;
using PerceptionStudy.Server.Participation.Privacy;
using PerceptionStudy.Server.Stimuli;
using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Commands;

/// <summary>Composes the web application from the features.</summary>
public static class ServerHost
{
    private static readonly Dictionary<string, string?> Quiet = new()
    {
        ["Logging:LogLevel:Default"] = "Information",
        ["Logging:LogLevel:Microsoft"] = "Warning",
        // It would warn at each first start that the keys in the data folder are not encrypted.
        ["Logging:LogLevel:Microsoft.AspNetCore.DataProtection"] = "Error",
        // It would warn at each consent that its headers replace ours, which say the same.
        ["Logging:LogLevel:Microsoft.AspNetCore.Antiforgery"] = "Error",
        ["Logging:LogLevel:Hangfire"] = "Warning",
    };

    /// <summary>Quiet by default; whoever sets Logging:LogLevel is heard.</summary>
    internal static void QuietLogging(IConfigurationManager configuration) =>
        configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = Quiet });

    public static WebApplication Build(string[] args)
    {
        // The name and the folder are the program's own, whoever started it and from where: they locate the static files.
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            Args = args,
            ApplicationName = typeof(ServerHost).Assembly.GetName().Name,
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.WebHost.UseStaticWebAssets();
        builder.WebHost.ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            // What takes files says for itself how large they may be.
            server.Limits.MaxRequestBodySize = 4 << 20;
        });
        QuietLogging(builder.Configuration);
        builder.Configuration.AddSecretFiles();
        if (Observability.MetricsPort(builder.Configuration) is { } port)
            builder.WebHost.UseUrls($"{builder.Configuration["urls"] ?? "http://localhost:5000"};http://*:{port}");
        builder.AddObservability("server");
        var services = builder.Services;
        services.AddSingleton(TimeProvider.System);
        services.AddHttpContextAccessor();
        services.AddProxies(builder.Configuration);
        services.AddSecurityHeaders();
        services.AddRequestLimits(builder.Configuration);
        services.AddStudyDb(builder.Configuration);
        services.AddBlobCollection();
        services.AddAccounts(builder.Configuration);
        services.AddApi();
        services.AddModels();
        services.AddStimuli();
        services.AddStudies();
        services.AddParticipation();
        services.AddAnalysis();
        services.AddExport();
        var postgres = DatabaseSetup.PostgresConnection(builder.Configuration);
        services.AddCampaigns(postgres, runJobs: postgres is null || builder.Configuration.GetValue("Worker:InServer", true));
        services.AddSingleton<DemoSeed>();
        services.AddHealth();
        services.AddSingleton<Backup>();
        services.AddSingleton<Restore>();
        services.AddSingleton<SystemVitals>();
        services.AddHostedService(provider => provider.GetRequiredService<SystemVitals>());
        services.AddMudServices(settings =>
        {
            // Messages let nothing shine through: at MudBlazor's 95 % white on the theme's green falls below the contrast of 4.5.
            settings.SnackbarConfiguration.MaximumOpacity = 100;
            // They are not animated, so they have no time to come and go either.
            (settings.SnackbarConfiguration.ShowTransitionDuration, settings.SnackbarConfiguration.VisibleStateDuration, settings.SnackbarConfiguration.HideTransitionDuration) = (0, 8000, 0);
        });
        services.AddScoped<BrowserMemory>();
        services.AddRazorComponents().AddInteractiveServerComponents().AddInteractiveWebAssemblyComponents();

        var app = builder.Build();
        app.UseMetricsPort();
        app.UseForwardedHeaders();
        app.UseSecurityHeaders();
        app.UseRateLimiter();
        app.UseApiProblems();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseActor();
        app.UseAntiforgery();
        app.MapStaticAssets();
        app.MapHealth();
        app.MapAccounts();
        app.MapUploads();
        app.MapStimuli();
        app.MapStudies();
        app.MapParticipation();
        app.MapAnalysis();
        app.MapExport();
        app.MapCampaigns();
        app.MapHistoryFile();
        MapApi(app.MapApi());
        app.MapRazorComponents<App>()
            // Our own policy says the same.
            .AddInteractiveServerRenderMode(live => live.ContentSecurityFrameAncestorsPolicy = null)
            .AddInteractiveWebAssemblyRenderMode()
            .AddAdditionalAssemblies(typeof(Client._Imports).Assembly);
        return app;
    }

    private static void MapApi(RouteGroupBuilder api)
    {
        api.MapUploadApi();
        api.MapModelApi();
        api.MapTryOutApi();
        api.MapStimulusSetApi();
        api.MapStimulusApi();
        api.MapMetamerImportApi();
        api.MapCampaignApi();
        api.MapSynthesisApi();
        api.MapWorkerApi();
        api.MapLookApi();
        api.MapAccuracyApi();
        api.MapStudyApi();
        api.MapBundleApi();
        api.MapHistoryApi();
        api.MapSessionApi();
        api.MapMonitorApi();
        api.MapPersonalLinkApi();
        api.MapPrivacyApi();
        api.MapResultsApi();
        api.MapImportApi();
        api.MapSimulationApi();
        api.MapExportApi();
    }
}
