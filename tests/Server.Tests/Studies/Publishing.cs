using Hangfire;
using Hangfire.Common;
using Hangfire.InMemory;
using Hangfire.States;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Campaigns;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Models;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Server.Studies.OnDemand;

namespace PerceptionStudy.Server.Tests.Studies;

/// <summary>A publisher outside a running server: what the models have to answer is written down, and nobody works it off.</summary>
public static class Publishing
{
    public static StudyPublisher PublisherOf(IServiceProvider services, QueuedJobs? jobs = null)
    {
        var databases = services.GetRequiredService<IDbContextFactory<StudyDb>>();
        var hosts = new SynthesisHosts(new ConfigurationBuilder().Build(), TimeProvider.System);
        jobs ??= [];
        var answerer = new ModelAnswerer(databases, services.GetRequiredService<BlobStore>(), hosts, jobs, QueuedJobs.Storage());
        var worker = new ThisWorker(databases, hosts, new ConfigurationBuilder().Build(), TimeProvider.System);
        var orders = new OnDemandOrders(databases, new SynthesisQueue(databases, jobs, QueuedJobs.Storage(), worker, TimeProvider.System), TimeProvider.System);
        return new StudyPublisher(databases, new StudyAnswers(databases, answerer, TimeProvider.System), orders, TimeProvider.System);
    }
}

/// <summary>The jobs that were asked for.</summary>
public sealed class QueuedJobs : List<Job>, IBackgroundJobClient
{
    /// <summary>A storage that nobody works off.</summary>
    public static InMemoryStorage Storage()
    {
        // Hangfire's log is the process's: it may still be that of a server that a test has ended.
        Hangfire.Logging.LogProvider.SetCurrentLogProvider(null);
        return new InMemoryStorage();
    }

    public string Create(Job job, IState state)
    {
        Add(job);
        return $"{Count}";
    }

    public bool ChangeState(string jobId, IState state, string expectedState) => false;
}
