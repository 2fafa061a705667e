using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Accounts.Auditing;
using PerceptionStudy.Server.Analysis;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Models;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Stimuli;
using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Export;

/// <summary>What one export reads: a study as of one moment. The context's transaction is the snapshot.</summary>
internal sealed class ExportSource
{
    private readonly StudyDb db;

    private ExportSource(StudyDb db, Study study, TrialFilter filter, IReadOnlyList<RegisteredModel> models, DateTimeOffset now)
    {
        this.db = db;
        Study = study;
        Filter = filter;
        Models = models;
        SnapshotAt = now;
        AllVersions = [.. study.Versions.OrderBy(v => v.Number)];
        Versions = [.. AllVersions.Where(v => filter.Version is null || v.Number == filter.Version)];
        Designs = [.. Versions.Select(v => v.Design)];
    }

    public Study Study { get; }
    public TrialFilter Filter { get; }
    public IReadOnlyList<RegisteredModel> Models { get; }
    public DateTimeOffset SnapshotAt { get; }
    public IReadOnlyList<StudyVersion> AllVersions { get; }

    /// <summary>The exported ones.</summary>
    public IReadOnlyList<StudyVersion> Versions { get; }

    public IReadOnlyList<StudyDesign> Designs { get; }

    public StimulusMedium Medium => Designs.Count == 0 ? default : Designs[^1].Medium;

    /// <exception cref="RefusedException">There is no such study, no such version or recruiter, or the study is still blind.</exception>
    public static async Task<ExportSource> OpenAsync(StudyDb db, Guid studyId, TrialFilter filter, DateTimeOffset now, CancellationToken cancel)
    {
        await db.DemandAsync(studyId, StudyRight.Export, cancel);
        var study = await TrialQuery.WithVersions(db, filter).AsNoTracking().FirstOrDefaultAsync(s => s.Id == studyId, cancel)
            ?? throw new RefusedException("There is no such study: it may have been deleted. Go back to the list.", Refusal.Missing);
        if (filter.Version is { } wanted && study.Versions.All(v => v.Number != wanted))
            throw new RefusedException(
                filter.Observers == ObserverType.Preview ? $"No draft {wanted} was tried: there {(study.Versions.Count == 0 ? "is none yet" : study.Versions.Count == 1 ? "is only -1" : $"are -1 to {study.Versions.Min(v => v.Number)}")}."
                : $"The study has no version {wanted}: it has {(study.Versions.Count == 0 ? "none yet" : $"1 to {study.Versions.Max(v => v.Number)}")}.", Refusal.Missing);
        if (filter.Observers == ObserverType.Human && study.Blinded)
            throw new RefusedException("This study is blind while it is open: nobody reads its data before it is closed.", Refusal.NotAllowed);
        await TrialQuery.DemandRecruiterAsync(db, studyId, filter, cancel);
        var models = await db.Models.Include(m => m.Stages).AsSplitQuery().AsNoTracking().OrderBy(m => m.Name).ToListAsync(cancel);
        return new ExportSource(db, study, filter, models, now);
    }

    public IAsyncEnumerable<TrialRecord> Trials(CancellationToken cancel) => TrialQuery.ReadAsync(db, Study.Id, Filter, cancel);

    public Task<List<ParticipantRow>> ParticipantsAsync(TrialTallies tallies, CancellationToken cancel) => ParticipantTable.ReadAsync(db, Study, Filter, tallies, cancel);

    public Task<List<SessionEvent>> SessionEventsAsync(CancellationToken cancel)
    {
        var versions = Versions.Select(v => v.Id).ToArray();
        return db.SessionEvents.AsNoTracking().Where(e => db.Sessions.Any(s => s.Id == e.SessionId && versions.Contains(s.StudyVersionId))).OrderBy(e => e.Id).ToListAsync(cancel);
    }

    /// <summary>When the study was opened, closed and so on, by the audit log; who did it stays out of what is exported.</summary>
    public async Task<List<StateChange>> StateChangesAsync(CancellationToken cancel)
    {
        var entries = await db.AuditEntries.AsNoTracking().Where(e => e.StudyId == Study.Id && e.Entity == nameof(Study) && e.Change == AuditChange.Changed).OrderBy(e => e.Number)
            .Select(e => new { e.At, e.AfterJson }).ToListAsync(cancel);
        return [.. from entry in entries let state = JsonNode.Parse(entry.AfterJson!)!["state"] where state is not null select new StateChange(entry.At, state.GetValue<string>().ToLowerInvariant())];
    }

    public IAsyncEnumerable<StimulusRow> Stimuli(CancellationToken cancel) => StimulusTable.ReadAsync(db, Versions, cancel);

    public IEnumerable<ModelRow> ModelRows => ModelTable.Of(Models, Designs);

    public IEnumerable<StageRow> StageRows => StageTable.Of(Models, [.. AllVersions.Select(v => v.Design)]);

    /// <summary>The study's name; that of a file without people says so.</summary>
    public string Title => Filter.Observers switch
    {
        ObserverType.Human => Study.Name,
        ObserverType.Synthetic => $"SIMULATED: {Study.Name}",
        _ => $"PREVIEW: {Study.Name}",
    };

    /// <summary>Whose answers these are, as the beginning of a sentence.</summary>
    public string Answers => Filter.Observers switch
    {
        ObserverType.Human => "Answers of people",
        ObserverType.Synthetic => "SIMULATED answers of synthetic observers, no data of people,",
        _ => "PREVIEW: answers of researchers who tried a draft, no data of participants,",
    };

    /// <summary>A published version or a draft, with the day.</summary>
    public static string NameOf(StudyVersion version) =>
        version.IsPublished ? $"Version {version.Number}, published {version.PublishedAt.UtcDateTime:yyyy-MM-dd}" : $"Draft {version.Number}, as it was tried from {version.PublishedAt.UtcDateTime:yyyy-MM-dd}";

    /// <summary>Which part of the data was exported, and the exported versions with their designs, each verbatim: the SHA-256 of the text after <c>"design":</c> is <c>designSha256</c>.</summary>
    public string DesignJson()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            json.WriteStartObject();
            json.WriteString("study", Study.Name);
            json.WriteString("exported", $"{Words.Of(Filter.Observers)}, {Filter.InWords}");
            json.WriteStartArray("versions");
            foreach (var version in Versions)
            {
                json.WriteStartObject();
                json.WriteNumber("number", version.Number);
                json.WriteString("publishedAt", version.PublishedAt.UtcDateTime);
                json.WriteString("designSha256", version.DesignSha256);
                json.WritePropertyName("design");
                json.WriteRawValue(version.DesignJson);
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }

    /// <summary>
    /// What the export depends on, in one hash: equal as long as no answer, session, model answer, metamer or version is new. A response changes its
    /// session's <see cref="Session.LastSeenAt"/> in the same transaction.
    /// </summary>
    public async Task<string> FingerprintAsync(CancellationToken cancel)
    {
        var versions = AllVersions.Select(v => v.Id).ToArray();
        var sessions = await db.Sessions.Where(s => versions.Contains(s.StudyVersionId)).OrderBy(s => s.Id)
            .Select(s => new { s.Id, s.State, s.LastSeenAt, s.CompletedAt }).ToListAsync(cancel);
        var rejected = await db.Metamers.Where(m => m.RejectedBecause != null).OrderBy(m => m.StimulusId).Select(m => new { m.StimulusId, m.RejectedBecause }).ToListAsync(cancel);
        var answers = await db.ModelAnswers.GroupBy(a => a.ModelId).OrderBy(a => a.Key).Select(a => new { a.Key, Count = a.Count() }).ToListAsync(cancel);
        return CanonicalJson.Sha256(CanonicalJson.Of(new
        {
            Program = typeof(ExportSource).Module.ModuleVersionId, Study.Id, Study.Name, Filter = Filter.Query, Versions = AllVersions.Select(v => v.DesignSha256), sessions, rejected, answers,
            Models = Models.Select(m => m.Name), StateChanges = await StateChangesAsync(cancel),
        }));
    }
}
