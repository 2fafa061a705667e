using MudBlazor.Services;
using PerceptionStudy.Server.Accounts;
using PerceptionStudy.Server.Admin;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Commands;

/// <summary>Composes the web application from the features.</summary>
public static class ServerHost
{
    public static WebApplication Build(string[] args)
    {
        var builder = WebApplication.CreateBuilder(args);
        builder.WebHost.UseStaticWebAssets();
        var services = builder.Services;
        services.AddSingleton(TimeProvider.System);
        services.AddHttpContextAccessor();
        services.AddStudyDb(builder.Configuration);
        services.AddAccounts();
        services.AddMudServices();
        services.AddRazorComponents().AddInteractiveServerComponents().AddInteractiveWebAssemblyComponents();

        var app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseAntiforgery();
        app.MapStaticAssets();
        app.MapRazorComponents<App>()
            .AddInteractiveServerRenderMode()
            .AddInteractiveWebAssemblyRenderMode()
            .AddAdditionalAssemblies(typeof(Client._Imports).Assembly);
        return app;
    }
}
