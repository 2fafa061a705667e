using System.CommandLine;
using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Analysis.Simulation;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Commands;

/// <summary><c>simulate STUDY --observers N</c>: synthetic observers, marked as such, so that the results can be seen filled.</summary>
public static class SimulateCommand
{
    public static Command Create()
    {
        var study = new Argument<string>("STUDY") { Description = "Name, link key or id of a study." };
        var observers = new Option<int>("--observers") { Description = "How many synthetic observers.", Required = true };
        observers.Validators.Add(found =>
        {
            if (found.GetValueOrDefault<int>() < 1) found.AddError("--observers needs a number from 1.");
        });
        var file = new Option<FileInfo?>("--profile") { Description = """JSON: {"natural": 0.9, "models": {"NAME": {"STAGE": 0.5}}}; without it the proportion correct falls with the stage.""" };
        var seed = new Option<int>("--seed") { Description = "The same seed on the same database gives the same answers.", DefaultValueFactory = _ => 1 };
        var draft = new Option<bool>("--draft") { Description = "The draft as it is saved, in the place of the latest published version." };
        var command = new Command("simulate", "Send synthetic observers through a study.") { study, observers, file, seed, draft };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(async (parsed, cancel) =>
        {
            var error = parsed.InvocationConfiguration.Error;
            await using var app = ServerHost.Build([.. parsed.UnmatchedTokens]);
            await app.Services.MigrateStudyDbAsync(cancel);
            try
            {
                var profile = parsed.GetValue(file) is { } given ? ObserverProfile.Parse(await File.ReadAllTextAsync(given.FullName, cancel)) : new ObserverProfile();
                await using var db = await app.Services.GetRequiredService<IDbContextFactory<StudyDb>>().CreateDbContextAsync(cancel);
                var found = await FindStudy.ByNameAsync(db, parsed.GetValue(study)!, cancel)
                    ?? throw new RefusedException(await FindStudy.RefusalAsync(db, parsed.GetValue(study)!, cancel));
                var count = parsed.GetValue(observers);
                await app.Services.GetRequiredService<StudySimulation>().RunAsync(found.Id, count, profile, parsed.GetValue(seed), parsed.GetValue(draft), cancel: cancel);
                await error.WriteLineAsync($"{count} synthetic observers answered '{found.Name}'. They are marked as synthetic and never mixed with people.");
                return 0;
            }
            catch (Exception problem) when (problem is RefusedException or FormatException or IOException)
            {
                await error.WriteLineAsync(problem.Message);
                return 1;
            }
        });
        return command;
    }
}
