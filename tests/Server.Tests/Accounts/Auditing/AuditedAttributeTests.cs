using System.Reflection;
using PerceptionStudy.Server.Accounts.Auditing;
using PerceptionStudy.Server.Campaigns;
using PerceptionStudy.Server.Analysis.Results;
using PerceptionStudy.Server.Models;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Stimuli;
using PerceptionStudy.Server.Tests.Data;

namespace PerceptionStudy.Server.Tests.Accounts.Auditing;

public sealed class AuditedAttributeTests(SqliteDatabase database) : IClassFixture<SqliteDatabase>
{
    // Written by participants, or computed by the program and computable again; the log itself.
    private static readonly Type[] NotAudited =
        [typeof(AuditEntry), typeof(Session), typeof(Trial), typeof(CellTally), typeof(PerceptionStudy.Server.Accounts.SignedInBrowser), typeof(Response), typeof(SessionDigest), typeof(SessionQuestionnaire), typeof(SessionHeadphones), typeof(Recruit), typeof(ResultLook),
         typeof(ModelStage), typeof(PerceptionStudy.Server.Stimuli.SoundFacts), typeof(SynthesisJob), typeof(Worker), typeof(PerceptionStudy.Server.Participation.Adaptive.AdaptiveDecision), typeof(StageNull), typeof(ModelAnswer), typeof(ModelAccuracy),
         // A record itself: rows are added to it, never changed, and the metamer that they are about is audited.
         typeof(MetamerVerdict)];

    [Fact]
    public void Of_every_entity_it_is_decided_whether_its_changes_are_audited()
    {
        using var db = database.Open();
        var ours = db.Model.GetEntityTypes().Select(e => e.ClrType).Where(t => t.Namespace!.StartsWith("PerceptionStudy", StringComparison.Ordinal)).ToArray();

        Assert.NotEmpty(ours);
        Assert.All(ours, type => Assert.True(type.GetCustomAttribute<AuditedAttribute>() is not null ^ NotAudited.Contains(type),
            $"{type.Name}: put [Audited] on it, or list it here if participants write it."));
    }

    [Fact]
    public void The_names_that_it_gives_are_properties()
    {
        using var db = database.Open();
        foreach (var type in db.Model.GetEntityTypes().Select(e => e.ClrType))
        {
            if (type.GetCustomAttribute<AuditedAttribute>() is not { } audited) continue;
            Assert.All(audited.Except.Append(audited.Study).Append(audited.When).OfType<string>(), name => Assert.NotNull(type.GetProperty(name)));
        }
    }
}
