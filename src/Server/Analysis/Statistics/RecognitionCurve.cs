namespace PerceptionStudy.Server.Analysis.Statistics;

/// <summary>Proportion correct at one stage. Stage 0 is natural.</summary>
/// <param name="Trials">Trials behind the mean, of all participants together.</param>
/// <param name="Value">Over participants; its N is the number of participants with at least one trial here.</param>
public sealed record CurvePoint(int StageIndex, string Stage, int Trials, MeanAndSem Value);

/// <summary>One line of a panel: the participants, or a model on the stimuli that they saw.</summary>
public sealed record CurveLine(ObserverKind Observer, string Name, bool Generating, IReadOnlyList<CurvePoint> Points);

/// <summary>Everything about the metamers of one generating model: participants first, then the generating model, then the others by name.</summary>
public sealed record CurvePanel(string GeneratingModel, IReadOnlyList<string> Stages, IReadOnlyList<CurveLine> Lines);

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
        // All participants are one line; each model is a line of its own.
        var line = new Line(trial.Observer, trial.Observer == ObserverKind.Model ? trial.ObserverId : "");
        var cell = trial.Condition == ConditionKind.Natural ? new Cell(null, 0, "natural") : new Cell(trial.GeneratingModel, trial.StageIndex!.Value, trial.Stage!);
        if (!counts.TryGetValue((line, cell), out var ofParticipants)) counts[(line, cell)] = ofParticipants = [];
        var participant = (trial.StudyVersion, trial.Session);
        var (n, correct) = ofParticipants.GetValueOrDefault(participant);
        ofParticipants[participant] = (n + 1, correct + (trial.Correct ? 1 : 0));
    }

    /// <summary>One panel for each generating model, by name.</summary>
    public IReadOnlyList<CurvePanel> Panels()
    {
        var lines = counts.Keys.Select(k => k.Item1).Distinct()
            .OrderBy(l => l.Observer).ThenBy(l => l.Name, StringComparer.Ordinal).ToList();
        return
        [
            .. from cells in counts.Keys.Select(k => k.Item2).Distinct().Where(c => c.Model is not null).GroupBy(c => c.Model!)
               orderby cells.Key
               let stages = cells.OrderBy(c => c.StageIndex).Prepend(new Cell(null, 0, "natural")).ToList()
               select new CurvePanel(cells.Key, [.. stages.Select(s => s.Stage)],
               [
                   .. from line in lines
                      let generating = line.Observer == ObserverKind.Model && line.Name == cells.Key
                      let points = stages.Select(stage => Point(line, stage)).OfType<CurvePoint>().ToList()
                      where points.Count > 0
                      orderby line.Observer, !generating
                      select new CurveLine(line.Observer, line.Name, generating, points)
               ])
        ];
    }

    /// <summary>
    /// The unit values behind the curves, as a table of the published form: one row for each participant at each stage of each generating model,
    /// natural repeated for each, with the generating model's proportion correct on the same trials (null while it has not answered).
    /// </summary>
    public IReadOnlyList<StageAccuracy> StageAccuracies(string experiment, string modality = "vision")
    {
        var people = counts.Keys.Select(k => k.Item1).Where(l => l.Observer != ObserverKind.Model).Distinct().ToList();
        return
        [
            .. from panel in Panels()
               let cells = counts.Keys.Select(k => k.Item2).Distinct().Where(c => c.Model is null || c.Model == panel.GeneratingModel).OrderBy(c => c.StageIndex)
               from line in people
               from cell in cells
               where counts.ContainsKey((line, cell))
               let network = counts.GetValueOrDefault((new Line(ObserverKind.Model, panel.GeneratingModel), cell))
               from participant in counts[(line, cell)].OrderBy(p => p.Key)
               select new StageAccuracy(modality, experiment, panel.GeneratingModel, cell.StageIndex, cell.Stage, Name(line.Observer, participant.Key),
                   Proportion(participant.Value), network is not null && network.TryGetValue(participant.Key, out var answered) ? Proportion(answered) : null)
        ];
    }

    private static string Name(ObserverKind observer, (int Version, int Session) participant) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"v{participant.Version}-{(observer == ObserverKind.Human ? 'P' : 'S')}{participant.Session}");

    private static double Proportion((int Trials, int Correct) count) => (double)count.Correct / count.Trials;

    private CurvePoint? Point(Line line, Cell cell)
    {
        if (!counts.TryGetValue((line, cell), out var ofParticipants)) return null;
        var proportions = ofParticipants.Values.Select(Proportion).ToList();
        return new CurvePoint(cell.StageIndex, cell.Stage, ofParticipants.Values.Sum(c => c.Trials), MeanAndSem.Of(proportions)!.Value);
    }
}
