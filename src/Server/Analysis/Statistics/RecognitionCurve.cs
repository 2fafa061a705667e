using PerceptionStudy.Server.Stimuli;

namespace PerceptionStudy.Server.Analysis.Statistics;

/// <summary>Proportion correct at one stage. Stage 0 is natural.</summary>
/// <param name="Trials">Trials behind the mean, of all participants together.</param>
/// <param name="Value">Over participants; its N is the number of participants with at least one trial here.</param>
/// <param name="Interval">95 %, by <see cref="ParticipantBootstrap"/>; null with fewer than 2 participants, or where it was not asked for.</param>
/// <param name="Correct">Right answers among the trials.</param>
public sealed record CurvePoint(int StageIndex, string Stage, int Trials, MeanAndSem Value, Interval? Interval = null, int Correct = 0)
{
    /// <summary>d′ of an unbiased observer with as many right answers among so many choices; null where trials are not known.</summary>
    public double? DPrime(double? chance) => chance is { } share && Trials > 0 ? Detectability.OfForcedChoice(Correct, Trials, Math.Max(2, (int)Math.Round(1 / share))) : null;
}

/// <summary>One line of a panel: the participants, or a model on the stimuli that they saw.</summary>
public sealed record CurveLine(ObserverKind Observer, string Name, bool Generating, IReadOnlyList<CurvePoint> Points);

/// <summary>Trials of one observer in one condition of one session: what a curve remembers, and a database can count.</summary>
/// <param name="Name">The model's name; empty for people and synthetic observers.</param>
/// <param name="GeneratingModel">Null for natural, whose stage index is 0.</param>
public readonly record struct ConditionCount(
    ObserverKind Observer, string Name, string? GeneratingModel, int StageIndex, string Stage, int StudyVersion, int Session, int Trials, int Correct);

/// <summary>Everything about the metamers of one generating model: participants first, then the generating model, then the others by name.</summary>
public sealed record CurvePanel(string GeneratingModel, IReadOnlyList<string> Stages, IReadOnlyList<CurveLine> Lines)
{
    /// <summary>Null where all panels are of one experiment.</summary>
    public string? Experiment { get; init; }

    /// <summary>Null where all panels are of one modality.</summary>
    public string? Modality { get; init; }

    /// <summary>Tells the panels of a page apart: the generating model, and the experiment where there are several.</summary>
    public string Key => string.Join(' ', new[] { GeneratingModel, Modality, Experiment }.OfType<string>());
}

/// <summary>
/// Human-versus-model recognition per stage (Feather et al. 2023). The unit is the proportion correct of one participant in one condition;
/// a line's point is mean and SEM of these over participants. A model's line is made the same way from its answers to the stimuli that each
/// participant saw, so that its values pair with theirs.
/// Decided: a participant without a trial in a condition does not enter that condition's mean. A swapped trial (no accepted metamer, natural
/// shown) enters neither the metamer's cell, where it would look too easy, nor the natural one, to which it was not drawn; so in the published
/// matrices, whose natural cells never hold more trials than were drawn. A trial without an answer in time counts as wrong.
/// </summary>
public sealed class RecognitionCurve
{
    // Counts per line, condition and participant: all that the curve needs to remember of the trials.
    private readonly Dictionary<(Line, Cell), Dictionary<(int Version, int Session), (int Trials, int Correct)>> counts = [];

    private readonly record struct Line(ObserverKind Observer, string Name);

    private readonly record struct Cell(string? Model, int StageIndex, string Stage);

    private static readonly Cell Natural = new(null, 0, "natural");

    public static RecognitionCurve Of(IEnumerable<TrialRecord> trials)
    {
        var curve = new RecognitionCurve();
        foreach (var trial in trials) curve.Add(trial);
        return curve;
    }

    public static async Task<RecognitionCurve> OfAsync(IAsyncEnumerable<TrialRecord> trials, CancellationToken cancel = default)
    {
        var curve = new RecognitionCurve();
        await foreach (var trial in trials.WithCancellation(cancel)) curve.Add(trial);
        return curve;
    }

    /// <summary>Takes in one trial; order does not matter.</summary>
    public void Add(TrialRecord trial)
    {
        if (!trial.Counts) return;
        var natural = trial.Condition == ConditionKind.Natural;
        Add(new ConditionCount(trial.Observer, trial.Observer == ObserverKind.Model ? trial.ObserverId : "",
            natural ? null : trial.GeneratingModel, natural ? 0 : trial.StageIndex!.Value, natural ? "natural" : trial.Stage!, trial.StudyVersion, trial.Session, 1, trial.Correct ? 1 : 0));
    }

    /// <summary>Takes in trials that were counted elsewhere: only such as <see cref="TrialRecord.Counts"/>. Counts of the same cell add up.</summary>
    public void Add(ConditionCount count)
    {
        // All participants are one line; each model is a line of its own.
        var (line, cell) = (new Line(count.Observer, count.Name), new Cell(count.GeneratingModel, count.StageIndex, count.Stage));
        if (!counts.TryGetValue((line, cell), out var ofParticipants)) counts[(line, cell)] = ofParticipants = [];
        var participant = (count.StudyVersion, count.Session);
        var (n, correct) = ofParticipants.GetValueOrDefault(participant);
        ofParticipants[participant] = (n + count.Trials, correct + count.Correct);
    }

    /// <summary>One panel for each generating model, by name.</summary>
    /// <param name="resamples">Of the bootstrap behind the intervals; 0 for none.</param>
    public IReadOnlyList<CurvePanel> Panels(int resamples = ParticipantBootstrap.Resamples, int seed = 1)
    {
        var lines = counts.Keys.Select(k => k.Item1).Distinct()
            .OrderBy(l => l.Observer).ThenBy(l => l.Name, StringComparer.Ordinal).ToList();
        var intervals = resamples == 0 ? [] : lines.SelectMany(line => Intervals(line, resamples, seed)).ToDictionary();
        return
        [
            .. from cells in counts.Keys.Select(k => k.Item2).Distinct().Where(c => c.Model is not null).GroupBy(c => c.Model!)
               orderby cells.Key
               let stages = cells.OrderBy(c => c.StageIndex).Prepend(Natural).ToList()
               select new CurvePanel(cells.Key, [.. stages.Select(s => s.Stage)],
               [
                   .. from line in lines
                      let generating = line.Observer == ObserverKind.Model && line.Name == cells.Key
                      let points = stages.Select(stage => Point(line, stage, intervals)).OfType<CurvePoint>().ToList()
                      where points.Count > 0
                      orderby line.Observer, !generating
                      select new CurveLine(line.Observer, line.Name, generating, points)
               ])
        ];
    }

    /// <summary>
    /// Proportions correct of the participants in all conditions, [participant][condition], NaN without a trial: natural first, then stages by generating
    /// model. What <see cref="NoiseCeiling"/> reads.
    /// </summary>
    /// <param name="generatingModel">Only natural and the stages of this model; all models by default.</param>
    public IReadOnlyList<double[]> Proportions(string? generatingModel = null) =>
        counts.Keys.Select(k => k.Item1).FirstOrDefault(l => l.Observer != ObserverKind.Model) is { Name: not null } people
            ? Proportions(people, Cells(people, generatingModel))
            : [];

    /// <summary>
    /// The unit values behind the curves, as a table of the published form: one row for each participant at each stage of each generating model,
    /// natural repeated for each, with the generating model's proportion correct on the same trials (null while it has not answered).
    /// </summary>
    public IReadOnlyList<StageAccuracy> StageAccuracies(string experiment, StimulusMedium medium = StimulusMedium.Picture)
    {
        var people = counts.Keys.Select(k => k.Item1).Where(l => l.Observer != ObserverKind.Model).Distinct().ToList();
        return
        [
            .. from panel in Panels(resamples: 0)
               let cells = counts.Keys.Select(k => k.Item2).Distinct().Where(c => c.Model is null || c.Model == panel.GeneratingModel).OrderBy(c => c.StageIndex)
               from line in people
               from cell in cells
               where counts.ContainsKey((line, cell))
               let network = counts.GetValueOrDefault((new Line(ObserverKind.Model, panel.GeneratingModel), cell))
               from participant in counts[(line, cell)].OrderBy(p => p.Key)
               select new StageAccuracy(Modality.Of(medium), experiment, panel.GeneratingModel, cell.StageIndex, cell.Stage, Name(line.Observer, participant.Key),
                   Proportion(participant.Value), network is not null && network.TryGetValue(participant.Key, out var answered) ? Proportion(answered) : null)
        ];
    }

    private static string Name(ObserverKind observer, (int Version, int Session) participant) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"v{participant.Version}-{ObserverKinds.NameOf(observer, participant.Session)}");

    private static double Proportion((int Trials, int Correct) count) => (double)count.Correct / count.Trials;

    private CurvePoint? Point(Line line, Cell cell, Dictionary<(Line, Cell), Interval?> intervals)
    {
        if (!counts.TryGetValue((line, cell), out var ofParticipants)) return null;
        var proportions = ofParticipants.Values.Select(Proportion).ToList();
        return new CurvePoint(cell.StageIndex, cell.Stage, ofParticipants.Values.Sum(c => c.Trials), MeanAndSem.Of(proportions)!.Value, intervals.GetValueOrDefault((line, cell)),
            ofParticipants.Values.Sum(c => c.Correct));
    }

    // All conditions of a line together, so that participants are drawn with all that they did.
    private IEnumerable<KeyValuePair<(Line, Cell), Interval?>> Intervals(Line line, int resamples, int seed)
    {
        var cells = Cells(line, null);
        return cells.Zip(ParticipantBootstrap.OfMeans(Proportions(line, cells), resamples, seed), (cell, interval) => KeyValuePair.Create((line, cell), interval));
    }

    private List<Cell> Cells(Line line, string? generatingModel) =>
    [
        .. counts.Keys.Where(k => k.Item1 == line && (generatingModel is null || k.Item2.Model is null || k.Item2.Model == generatingModel)).Select(k => k.Item2)
            .OrderBy(c => c.Model, StringComparer.Ordinal).ThenBy(c => c.StageIndex)
    ];

    private double[][] Proportions(Line line, List<Cell> cells)
    {
        var columns = cells.Select(cell => counts[(line, cell)]).ToList();
        return
        [
            .. from participant in columns.SelectMany(c => c.Keys).Distinct().Order()
               select columns.Select(c => c.TryGetValue(participant, out var count) ? Proportion(count) : double.NaN).ToArray()
        ];
    }
}
