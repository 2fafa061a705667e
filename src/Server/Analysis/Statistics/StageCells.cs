namespace PerceptionStudy.Server.Analysis.Statistics;

/// <summary>
/// The cells of an analysis of variance, taken from a table of participants and stages: complete cases only. A participant without a value in some cell
/// is left out of the whole analysis, as MATLAB's and R's do, and named in <see cref="LeftOut"/>.
/// </summary>
/// <param name="Stages">Names of the stages in order; of the first model, where models name theirs differently.</param>
/// <param name="People">[participant][stage × models + model].</param>
/// <param name="Network">The same of the generating networks, or null where they were not asked for.</param>
public sealed record StageCells(
    string Modality, string Experiment, IReadOnlyList<string> Models, IReadOnlyList<string> Stages, IReadOnlyList<string> Participants, IReadOnlyList<string> LeftOut,
    IReadOnlyList<double[]> People, IReadOnlyList<double[]>? Network)
{
    /// <summary>Takes the models' cells. Models pair by stage index, whatever their stages are called.</summary>
    /// <param name="experiment">May be null where the file holds one that has the models; so may <paramref name="modality"/>.</param>
    /// <param name="drop">Stages to leave out, by name, with or without the ending <c>_fake_relu</c>.</param>
    /// <exception cref="FormatException">What was asked for is not in the table, or stands there twice; the message is one sentence that says what is.</exception>
    public static StageCells Of(
        IReadOnlyList<StageAccuracy> table, string? modality, string? experiment, IReadOnlyList<string> models, IReadOnlyCollection<string> drop, bool network)
    {
        var rows = Only(table, modality, experiment, models);
        foreach (var name in drop)
        {
            if (!rows.Any(r => StageNames.Same(r.Stage, name)))
                throw new FormatException($"There is no stage '{name}' to drop: there are {Listed(rows.Select(r => r.Stage))}.");
        }
        rows = [.. rows.Where(r => !drop.Any(name => StageNames.Same(r.Stage, name)))];
        int[] indices = [.. rows.Where(r => r.Model == models[0]).Select(r => r.StageIndex).Distinct().Order()];
        foreach (var model in models)
        {
            var of = rows.Where(r => r.Model == model).Select(r => r.StageIndex).Distinct().Order();
            if (!of.SequenceEqual(indices))
                throw new FormatException($"{models[0]} has the stages {string.Join(' ', indices)} and {model} {string.Join(' ', of)}: models pair by stage index, so drop those that one of them lacks.");
        }
        var cells = new Dictionary<(string Participant, string Model, int Index), StageAccuracy>();
        foreach (var row in rows)
        {
            if (!cells.TryAdd((row.Participant, row.Model, row.StageIndex), row))
                throw new FormatException($"Participant {row.Participant} stands twice at stage {row.StageIndex} of {row.Model}.");
        }
        List<string> whole = [], leftOut = [];
        List<double[]> people = [], networks = [];
        foreach (var participant in rows.Select(r => r.Participant).Distinct())
        {
            var own = (from index in indices from model in models select cells.GetValueOrDefault((participant, model, index))).ToList();
            if (own.Any(c => c?.Human is null || (network && c.Network is null)))
            {
                leftOut.Add(participant);
                continue;
            }
            whole.Add(participant);
            people.Add([.. own.Select(c => c!.Human!.Value)]);
            if (network) networks.Add([.. own.Select(c => c!.Network!.Value)]);
        }
        if (whole.Count < 2) throw new FormatException($"Only {whole.Count} of {whole.Count + leftOut.Count} participants have a value in every cell, and an analysis of variance needs at least 2.");
        if (indices.Length < 2) throw new FormatException("Only one stage is left, and an analysis of variance over stages needs at least 2.");
        string[] stages = [.. indices.Select(i => rows.First(r => r.Model == models[0] && r.StageIndex == i).Stage)];
        return new StageCells(rows[0].Modality, rows[0].Experiment, models, stages, whole, leftOut, people, network ? networks : null);
    }

    private static List<StageAccuracy> Only(IReadOnlyList<StageAccuracy> table, string? modality, string? experiment, IReadOnlyList<string> models)
    {
        var rows = table.Where(r => (modality is null || r.Modality == modality) && (experiment is null || r.Experiment == experiment)).ToList();
        if (rows.Count == 0) throw new FormatException($"There is no such experiment: there are {Listed(table.Select(r => $"{r.Modality} {r.Experiment}"))}.");
        foreach (var model in models)
        {
            if (rows.All(r => r.Model != model)) throw new FormatException($"There is no model '{model}' in {(experiment is null ? "the table" : $"experiment {experiment}")}: there are {Listed(rows.Select(r => r.Model))}.");
        }
        rows = [.. rows.Where(r => models.Contains(r.Model))];
        var experiments = rows.GroupBy(r => (r.Modality, r.Experiment)).Where(e => models.All(m => e.Any(r => r.Model == m))).ToList();
        return experiments.Count switch
        {
            1 => [.. experiments[0]],
            0 => throw new FormatException($"No experiment has all of the models {string.Join(", ", models)}."),
            _ => throw new FormatException($"More than one experiment has {string.Join(" and ", models)}: say which of {Listed(experiments.Select(e => $"{e.Key.Modality} {e.Key.Experiment}"))}."),
        };
    }

    private static string Listed(IEnumerable<string> names) => string.Join(", ", names.Distinct().Select(n => $"'{n}'"));
}
