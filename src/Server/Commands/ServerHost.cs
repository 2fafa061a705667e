using MudBlazor.Services;
using PerceptionStudy.Server.Accounts;
using PerceptionStudy.Server.Admin;
using PerceptionStudy.Server.Analysis;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Export;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Commands;

/// <summary>Composes the web application from the features.</summary>
public static class ServerHost
{
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
        var services = builder.Services;
        services.AddSingleton(TimeProvider.System);
        services.AddHttpContextAccessor();
        services.AddStudyDb(builder.Configuration);
        services.AddAccounts();
        services.AddStudies();
        services.AddParticipation();
        services.AddAnalysis();
        services.AddMudServices();
        services.AddRazorComponents().AddInteractiveServerComponents().AddInteractiveWebAssemblyComponents();

        var app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
        app.MapStaticAssets();
        app.MapExport();
        app.MapParticipation();
        app.MapRazorComponents<App>()
            .AddInteractiveServerRenderMode()
            .AddInteractiveWebAssemblyRenderMode()
            .AddAdditionalAssemblies(typeof(Client._Imports).Assembly);
        return app;
    }
}
