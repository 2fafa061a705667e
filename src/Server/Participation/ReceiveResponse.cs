using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Shared;
using PerceptionStudy.Shared.Texts;
using PerceptionStudy.Shared.Trials;

namespace PerceptionStudy.Server.Participation;

/// <summary>What a browser sent.</summary>
/// <param name="TokenSha256">Hash of the token that came with it; null where no browser is between.</param>
public sealed record Delivery(Guid SessionId, IReadOnlyList<TrialResponse> Answers, string? TokenSha256 = null)
{
    /// <summary>What the browser asks for, as in <c>Accept-Language</c>.</summary>
    public string? BrowserLanguages { get; init; }
}

/// <summary>What became of each answer of a delivery.</summary>
/// <param name="NotTaken">Why nothing of it was looked at; null where it was.</param>
public sealed record DeliveryOutcome(List<ResponseReceipt> Receipts, List<(Guid TrialId, ParticipantRefusedException Refusal)> Refused, ParticipantRefusedException? NotTaken = null)
{
    /// <summary>The participant's language; English without one.</summary>
    public ParticipantTexts Texts { get; set; } = ParticipantTexts.In("en", null);

    public BatchReceipt ToReceipt() => new() { Receipts = [.. Receipts], Refused = [.. Refused.Select(r => new RefusedResponse(r.TrialId, r.Refusal.In(Texts)))] };
}

/// <summary>
/// Stores answers once each: one transaction for the deliveries at hand, one row under each trial's key, commit, then the receipts. The same answer again,
/// or another answer to the same trial, gets the receipt of what is stored; so a browser may send as often as it likes. Correctness is judged here.
/// </summary>
public sealed class ReceiveResponse(IDbContextFactory<StudyDb> databases, PublishedDesigns designs, TimeProvider time)
{
    // Answers are taken also from who stopped early or failed the gate, since they were on their way, and from who was silent until the place was given back.
    private static readonly SessionState[] Open = [SessionState.Active, SessionState.Expired, SessionState.Left, SessionState.FailedGate];

    /// <summary>Stores one answer.</summary>
    /// <exception cref="ParticipantRefusedException">Not a trial of this session, not a choice of this study, or the session has ended.</exception>
    public async Task<ResponseReceipt> ReceiveAsync(Guid sessionId, TrialResponse answer, CancellationToken cancel = default)
    {
        var outcome = (await StoreAsync([new Delivery(sessionId, [answer])], cancel))[0];
        return outcome.Refused is [var (_, refusal)] ? throw refusal : outcome.Receipts[0];
    }

    /// <summary>Stores what can be stored of a batch, and says of each answer what became of it.</summary>
    public async Task<BatchReceipt> ReceiveAsync(Guid sessionId, IReadOnlyList<TrialResponse> answers, CancellationToken cancel = default) =>
        (await StoreAsync([new Delivery(sessionId, answers)], cancel))[0].ToReceipt();

    /// <summary>Stores what can be stored of several deliveries in one transaction; what one cannot get is refused to it alone.</summary>
    public async Task<IReadOnlyList<DeliveryOutcome>> StoreAsync(IReadOnlyList<Delivery> deliveries, CancellationToken cancel = default)
    {
        var now = time.GetStoredUtcNow();
        await using var db = await databases.CreateDbContextAsync(cancel);
        var known = await KnownAsync(db, deliveries, cancel);
        var strangers = deliveries.Where(d => d.TokenSha256 is { } token && known.GetValueOrDefault(d.SessionId).TokenSha256 != token).ToHashSet();
        Delivery[] taken = [.. deliveries.Where(d => !strangers.Contains(d))];
        var sessionIds = taken.Select(d => d.SessionId).Distinct().ToArray();
        await using var transaction = await db.Database.BeginTransactionAsync(cancel);
        // Writing the sessions' rows first lets the answers of one session come one after the other, however they arrive.
        await db.Sessions.Where(s => sessionIds.Contains(s.Id) && Open.Contains(s.State)).ExecuteUpdateAsync(session => session.SetProperty(s => s.LastSeenAt, now), cancel);
        var trials = await AskedAsync(db, sessionIds, [.. taken.SelectMany(d => d.Answers).Select(a => a.TrialId).Distinct()], cancel);

        var fresh = new List<(AskedTrial Trial, TrialResponse Answer)>();
        var outcomes = new List<DeliveryOutcome>();
        foreach (var delivery in deliveries)
        {
            var outcome = new DeliveryOutcome([], [], strangers.Contains(delivery) ? ParticipantToken.NotHeld() : null);
            outcomes.Add(outcome);
            if (outcome.NotTaken is null) await StoreAsync(db, delivery, trials, now, outcome, fresh, cancel);
            if (outcome.Refused.Count > 0 && known.TryGetValue(delivery.SessionId, out var session))
                outcome.Texts = ParticipantTexts.In((await designs.OfAsync(db, session.StudyVersionId, cancel)).Language, delivery.BrowserLanguages);
        }
        await db.SaveChangesAsync(cancel);
        foreach (var session in fresh.GroupBy(f => f.Trial.SessionId)) await FollowAsync(db, session.Key, [.. session], cancel);
        await transaction.CommitAsync(cancel);
        foreach (var (_, answer) in fresh) Telemetry.AnswerStored(TimingVerdicts.NameOf(TimingVerdicts.Of(answer.Timing)));
        foreach (var session in fresh.Where(f => f.Trial.MayBeLast(fresh.Select(other => other.Trial.Id))).Select(f => f.Trial.SessionId).Distinct())
            await SessionEnd.CompleteAsync(db, designs, session, time, cancel);
        return outcomes;
    }

    /// <summary>The sessions of what browsers sent.</summary>
    private static async Task<Dictionary<Guid, (string TokenSha256, Guid StudyVersionId)>> KnownAsync(StudyDb db, IReadOnlyList<Delivery> deliveries, CancellationToken cancel)
    {
        var ids = deliveries.Where(d => d.TokenSha256 is not null).Select(d => d.SessionId).Distinct().ToArray();
        if (ids.Length == 0) return [];
        return await db.Sessions.Where(s => ids.Contains(s.Id)).Select(s => new { s.Id, s.TokenSha256, s.StudyVersionId }).ToDictionaryAsync(s => s.Id, s => (s.TokenSha256, s.StudyVersionId), cancel);
    }

    private async Task StoreAsync(
        StudyDb db, Delivery delivery, Dictionary<Guid, AskedTrial> trials, DateTimeOffset now, DeliveryOutcome outcome, List<(AskedTrial, TrialResponse)> fresh, CancellationToken cancel)
    {
        foreach (var answer in delivery.Answers)
        {
            var trial = trials.GetValueOrDefault(answer.TrialId) is { } found && found.SessionId == delivery.SessionId ? found : null;
            if (trial?.Stored is null && await WhyNotAsync(db, trial, answer, cancel) is { } refusal)
            {
                outcome.Refused.Add((answer.TrialId, refusal));
                continue;
            }
            if (trial!.Stored is null)
            {
                db.Responses.Add(trial.Stored = RowOf(trial, answer, now));
                fresh.Add((trial, answer));
            }
            outcome.Receipts.Add(ReceiptOf(trial, trial.Stored));
        }
        await SessionTroubles.NoteRefusedAsync(db, delivery.SessionId, [.. outcome.Refused.Select(r => r.Refusal)], now, cancel);
    }

    /// <summary>What follows from answers that have just been stored: trials that are shown again, and the judgement of the practice.</summary>
    private async Task FollowAsync(StudyDb db, Guid sessionId, (AskedTrial Trial, TrialResponse Answer)[] fresh, CancellationToken cancel)
    {
        var design = await designs.OfAsync(db, fresh[0].Trial.StudyVersionId, cancel);
        foreach (var (_, answer) in fresh.Where(f => f.Trial.Phase == TrialPhase.Main)) await BadTrialRepeat.AddAsync(db, design, answer, cancel);
        if (fresh.Any(f => f.Trial.Phase == TrialPhase.Practice)) await PracticeGate.JudgeAsync(db, design, sessionId, cancel);
    }

    private static async Task<Dictionary<Guid, AskedTrial>> AskedAsync(StudyDb db, Guid[] sessionIds, Guid[] ids, CancellationToken cancel) => await (
        from t in db.Trials.AsNoTracking()
        join s in db.Sessions on t.SessionId equals s.Id
        where ids.Contains(t.Id) && sessionIds.Contains(t.SessionId)
        select new AskedTrial(t.Id, t.SessionId, t.Phase, t.IsScored, t.CorrectCategory, t.Choices, t.IsOpen, s.StudyVersionId, Open.Contains(s.State))
        {
            Stored = t.Response,
            LastUnanswered = db.Trials.Where(other => other.SessionId == t.SessionId && other.Response == null).OrderByDescending(other => other.Position).Select(other => (Guid?)other.Id).FirstOrDefault(),
        }).ToDictionaryAsync(t => t.Id, cancel);

    /// <summary>Why an answer to a trial that has none is not stored, or null.</summary>
    private async Task<ParticipantRefusedException?> WhyNotAsync(StudyDb db, AskedTrial? trial, TrialResponse answer, CancellationToken cancel) =>
        // A browser that has not asked for the picture has nothing to answer.
        trial is null or { IsOpen: true } ? new(StatusCodes.Status404NotFound, ResponseRules.NotStored(texts => texts.AnswerOfAnother))
        : !trial.SessionOpen ? new(StatusCodes.Status409Conflict, ResponseRules.NotStored(texts => texts.SessionEnded))
        : ResponseRules.WhyNot(await designs.OfAsync(db, trial.StudyVersionId, cancel), trial.Choices, answer) is { } problem ? new(StatusCodes.Status400BadRequest, problem)
        : null;

    private static Response RowOf(AskedTrial trial, TrialResponse answer, DateTimeOffset now) => new()
    {
        TrialId = trial.Id,
        Kind = answer.Kind,
        Choice = answer.Choice,
        Correct = answer.Choice == trial.CorrectCategory,
        ReactionTimeMs = answer.ReactionTimeMs,
        Confidence = answer.Confidence,
        ConfidenceTimeMs = answer.ConfidenceTimeMs,
        TimingJson = JsonSerializer.Serialize(answer.Timing, WireJson.Default.TrialTiming),
        ReceivedAt = now,
    };

    private static ResponseReceipt ReceiptOf(AskedTrial trial, Response stored) => new()
    {
        TrialId = trial.Id,
        Choice = stored.Choice,
        ReceivedAt = stored.ReceivedAt,
        CorrectChoice = trial is { Phase: TrialPhase.Practice, IsScored: false } ? trial.CorrectCategory : null,
    };

    private sealed record AskedTrial(Guid Id, Guid SessionId, TrialPhase Phase, bool IsScored, string CorrectCategory, string[]? Choices, bool IsOpen, Guid StudyVersionId, bool SessionOpen)
    {
        /// <summary>The answer that is stored, or about to be.</summary>
        public Response? Stored { get; set; }

        /// <summary>The session's last trial without an answer before these came.</summary>
        public Guid? LastUnanswered { get; init; }

        /// <summary>Whether the session may be complete with these answers; as long as its last trial is open, there is no need to count.</summary>
        public bool MayBeLast(IEnumerable<Guid> answered) => LastUnanswered is { } last && answered.Contains(last);
    }
}
