using PerceptionStudy.Server.Analysis;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Export;

namespace PerceptionStudy.Server.Commands;

/// <summary>Composes what commands need that only read studies. Without pages and engine they start sooner and take less memory than a server.</summary>
internal static class StudyReading
{
    /// <param name="settings">As for the server: <c>--DataFolder=…</c>.</param>
    public static IHost Build(string[] settings)
    {
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { Args = settings, ContentRootPath = AppContext.BaseDirectory });
        ServerHost.QuietLogging(builder.Configuration);
        builder.Configuration.AddSecretFiles();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddStudyDb(builder.Configuration);
        builder.Services.AddSingleton<TrialQuery>();
        builder.Services.AddExport();
        return builder.Build();
    }
}
