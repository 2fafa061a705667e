using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Shared.Trials;

namespace PerceptionStudy.Server.Analysis.Digests;

/// <summary>Where everything stands in the lists of a frozen design, which never change.</summary>
/// <param name="onDemand">What the version made on demand.</param>
internal sealed class DesignPlaces(StudyDesign design, OnDemandPlaces onDemand)
{
    private readonly Dictionary<Guid, int> naturals = Places(design.NaturalStimuli);
    private readonly Dictionary<Guid, int> metamers = Places(design.Metamers);
    private readonly Dictionary<StudyCondition, int> conditions = Places(design.Conditions);
    private readonly Dictionary<string, int> categories = Places(design.Categories);

    public TrialDigest Digest(AnsweredTrial trial) => Digest(trial, trial.Timing);

    private TrialDigest Digest(AnsweredTrial trial, TrialTiming timing) => checked(new TrialDigest(
        trial.NaturalStimulusId is { } natural ? naturals[natural] : -1,
        trial.StimulusId is { } shown ? metamers.TryGetValue(shown, out var published) ? published : onDemand.Of(shown) : trial.IsCatch ? -1 : TrialDigest.NothingMade,
        trial.IsCatch ? (short)-1 : (short)conditions[trial.Condition],
        (short)categories[trial.CorrectCategory],
        trial.Choice is { } choice ? (short)categories.GetValueOrDefault(choice, -1) : (short)-1,
        trial.Swapped,
        trial.Repeated,
        trial.Kind == ResponseKind.Interrupted,
        timing.ResponseDevice == "touch",
        TimingVerdicts.Of(timing),
        trial.ReactionTimeMs ?? double.NaN,
        trial.Choices is null ? 0 : trial.Choices.Aggregate(0UL, (bits, choice) => bits | 1UL << categories[choice])));

    private static Dictionary<T, int> Places<T>(IEnumerable<T> list) where T : notnull => list.Index().ToDictionary(e => e.Item, e => e.Index);
}
