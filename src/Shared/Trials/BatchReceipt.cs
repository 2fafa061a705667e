namespace PerceptionStudy.Shared.Trials;

/// <summary>What the server has of a batch of answers: for each either a receipt or a refusal.</summary>
public sealed record BatchReceipt
{
    /// <summary>The answers that are stored.</summary>
    public required ResponseReceipt[] Receipts { get; init; }

    /// <summary>The answers that will not be stored, however often they are sent.</summary>
    public required RefusedResponse[] Refused { get; init; }
}

/// <summary>An answer that is not stored.</summary>
/// <param name="TrialId">The trial that it names.</param>
/// <param name="Sentence">Why, for the participant.</param>
public sealed record RefusedResponse(Guid TrialId, string Sentence);
