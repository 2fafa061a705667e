using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Synthesis.Tests;

namespace PerceptionStudy.EndToEnd.Tests;

/// <summary>The server as it is published for production, the participants' program trimmed: published here, unless that was done for all tests.</summary>
public sealed class PublishedServer : ServerProcess
{
    public override string Program { get; } = Published ?? Directory.CreateTempSubdirectory("perception-study-program-").FullName;

    public override async ValueTask InitializeAsync()
    {
        if (Published is not null)
        {
            await base.InitializeAsync();
            return;
        }
        using var publish = Process.Start(new ProcessStartInfo("dotnet", ["publish", Path.Combine(Repository.Root, "src", "Server"), "-c", "Release", "-o", Program, "-nologo", "-v", "q", "-clp:ErrorsOnly"]))!;
        await publish.WaitForExitAsync();
        Assert.Equal(0, publish.ExitCode);
        await base.InitializeAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        if (Published is null) Directory.Delete(Program, recursive: true);
    }
}

public sealed class PublishedServerTests(Browser browser, PublishedServer server) : IClassFixture<PublishedServer>
{
    [Fact]
    public async Task A_participant_comes_from_consent_to_completion_code()
    {
        var study = await server.PublishAsync();
        await using var context = await browser.NewContextAsync();
        var person = new Participant(await context.NewPageAsync(), server, study);
        await person.ConsentAsync();
        await person.StartAsync();
        await person.PracticeAsync();
        for (var n = 0; n < person.MainTrials; n++) await person.AnswerAsync(n % 3);
        var code = await person.CodeAsync();
        await using var db = server.OpenDatabase();
        var session = await db.Sessions.SingleAsync(s => s.StudyVersionId == study.Version.Id);
        Assert.Equal((SessionState.Completed, code), (session.State, session.CompletionCode));
    }
}
