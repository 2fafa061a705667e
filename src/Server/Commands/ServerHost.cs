using MudBlazor.Services;
using PerceptionStudy.Server.Accounts;
using PerceptionStudy.Server.Admin;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Participation;

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
        services.AddParticipation();
        services.AddMudServices();
        services.AddRazorComponents().AddInteractiveServerComponents().AddInteractiveWebAssemblyComponents();

        var app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
        app.MapStaticAssets();
        app.MapParticipation();
        app.MapRazorComponents<App>()
            .AddInteractiveServerRenderMode()
            .AddInteractiveWebAssemblyRenderMode()
            .AddAdditionalAssemblies(typeof(Client._Imports).Assembly);
        return app;
    }
}
