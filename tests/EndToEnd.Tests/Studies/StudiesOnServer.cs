using System.Diagnostics;
using Microsoft.AspNetCore.Identity;
using Microsoft.Playwright;
using PerceptionStudy.Server.Analysis.Simulation;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Server.Tests.Analysis;
using PerceptionStudy.Server.Tests.Participation;
using PerceptionStudy.Server.Tests.Studies;
using Account = PerceptionStudy.Server.Accounts.Researcher;

namespace PerceptionStudy.EndToEnd.Tests.Studies;

/// <summary>A server with two models, their metamers at six stages and the models' answers, and a researcher's way in.</summary>
public sealed class StudiesOnServer : IAsyncLifetime
{
    private const string Email = "researcher@example.org";
    private const string Password = "correct horse battery";

    /// <summary>The six stages of both models.</summary>
    public static readonly string[] Stages = ["conv1", "block1/add", "block2/add", "block3/add", "pooled", "logits"];

    public ServerProcess Server { get; } = new();

    public StudyWorld World { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        await Server.InitializeAsync();
        await using var db = Server.OpenDatabase();
        // At the last stage one metamer in six was not accepted.
        World = await StudyWorld.Create(TestStudy.SixteenCategories, perCategory: 4, stages: Stages,
            accepted: (number, _, stage) => stage.Position < Stages.Length - 1 || number % 6 != 0).SaveAsync(db);
        // Both know their own metamers; the other model's become hard in the late stages.
        await World.AnswerAsync(db, (model, stimulus) => stimulus.Metamer is not { } m || m.ModelId == model.Id
            || m.StageId is var id && World.Models.SelectMany(x => x.Stages).First(s => s.Id == id).Position < (model == World.Robust ? 2 : 4));
        db.Users.Add(new Account
        {
            Id = Guid.CreateVersion7(), UserName = Email, NormalizedUserName = Email.ToUpperInvariant(), Email = Email, NormalizedEmail = Email.ToUpperInvariant(),
            SecurityStamp = Guid.NewGuid().ToString(), PasswordHash = new PasswordHasher<Account>().HashPassword(null!, Password), IsAdministrator = true, CreatedAt = StudyWorld.Start,
        });
        await db.SaveChangesAsync();
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    /// <summary>Signs in by the form.</summary>
    public async Task<IPage> SignInAsync(IBrowserContext context)
    {
        var page = await context.NewPageAsync();
        await page.GotoAsync($"{Server.Address}/sign-in");
        await page.GetByLabel("E-mail").FillAsync(Email);
        await page.GetByLabel("Password").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await page.WaitForURLAsync("**/admin**");
        return page;
    }

    /// <summary>People take part: like a standard network's curve in the published figures, and better with the second model's metamers.</summary>
    public Task<List<Guid>> TakePartAsync(Study study, int people, int? trials = null)
    {
        var position = World.Models.SelectMany(m => m.Stages).ToDictionary(s => s.Id, s => s.Position);
        var profile = new ObserverProfile();
        return Participants.TakePartAsync(Server.Services, study, people, trials, trial =>
        {
            if (trial.IsCatch) return 1;
            if (trial.StageId is not { } stage || trial.Swapped) return profile.Natural;
            var recognised = profile.AtStage("", "", position[stage] + 1, Stages.Length, 1.0 / 16);
            return trial.ModelId == World.Robust.Id ? (recognised + 2 * profile.Natural) / 3 : recognised;
        });
    }

    /// <summary>Runs a command of the program on the server's data folder; returns what it printed.</summary>
    public async Task<string> RunAsync(params string[] arguments)
    {
        var program = Path.Combine(Server.Program, "PerceptionStudy.Server.dll");
        using var process = Process.Start(new ProcessStartInfo("dotnet", [program, .. arguments, $"--DataFolder={Server.Folder}"])
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await error);
        return output;
    }
}
