using System.Diagnostics;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Accounts;
using PerceptionStudy.Server.Analysis.Simulation;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Bench.Scale;

/// <summary>A researcher who looks at the results of the demo study, answered by 500 synthetic observers, again as soon as they are there.</summary>
internal sealed class Researching(HttpClient http, Guid study)
{
    private const int Observers = 500;

    public static async Task<Researching> BeginAsync(IServiceProvider services, string address)
    {
        await using var scope = services.CreateAsyncScope();
        var me = new Researcher { Id = Guid.CreateVersion7(), UserName = "bench@example.org", Email = "bench@example.org", IsAdministrator = true, CreatedAt = TimeProvider.System.GetUtcNow() };
        var made = await scope.ServiceProvider.GetRequiredService<UserManager<Researcher>>().CreateAsync(me, $"{Guid.NewGuid()}");
        if (!made.Succeeded) throw new InvalidOperationException(string.Join(' ', made.Errors.Select(e => e.Description)));
        var token = "";
        await new Actor(me.Id, me.Email).DoAsync(async () => token = await services.GetRequiredService<ApiTokens>().CreateAsync("bench", TokenScopes.Analyse, 1));
        await using var db = await services.GetRequiredService<IDbContextFactory<StudyDb>>().CreateDbContextAsync();
        var study = await db.Studies.OrderBy(s => s.Id).FirstAsync();
        await services.GetRequiredService<StudySimulation>().RunAsync(study.Id, Observers, new ObserverProfile(), seed: 1);
        return new Researching(new HttpClient { BaseAddress = new Uri(address), DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Bearer", token) } }, study.Id);
    }

    /// <summary>Seconds that each look took, shortest first.</summary>
    public async Task<double[]> LookAsync(CancellationToken over)
    {
        var seconds = new List<double>();
        do
        {
            var started = Stopwatch.GetTimestamp();
            (await http.GetAsync($"api/v1/studies/{study}/results?synthetic=true", CancellationToken.None)).EnsureSuccessStatusCode();
            seconds.Add(Stopwatch.GetElapsedTime(started).TotalSeconds);
        }
        while (!over.IsCancellationRequested);
        return [.. seconds.Order()];
    }
}
