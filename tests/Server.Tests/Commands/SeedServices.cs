using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Commands.Demo;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Models;
using PerceptionStudy.Server.Tests.Data;

namespace PerceptionStudy.Server.Tests.Commands;

/// <summary>What seeding needs and no more: no server runs.</summary>
internal static class SeedServices
{
    public static ServiceProvider Of(TestDatabase database)
    {
        var services = new ServiceCollection();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(database.Settings).Build();
        services.AddSingleton<IConfiguration>(configuration).AddSingleton(TimeProvider.System).AddSingleton<DemoSeed>();
        services.AddStudyDb(configuration);
        services.AddModels();
        return services.BuildServiceProvider();
    }
}
