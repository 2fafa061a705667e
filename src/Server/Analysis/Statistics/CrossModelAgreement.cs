namespace PerceptionStudy.Server.Analysis.Statistics;

/// <summary>Proportion correct of one model on the metamers of one model and stage, as in the public tables.</summary>
public sealed record CrossModelAccuracy(string GeneratingModel, string RecognisingModel, string Stage, double ProportionCorrect);

/// <summary>One condition: how recognisable its metamers are to people, and to other models than the one that they were made from.</summary>
public sealed record CrossModelPoint(string GeneratingModel, string Stage, double People, double OtherModels);

/// <summary>Are metamers that people recognise those that other models recognise? (Feather et al. 2023.)</summary>
/// <param name="Unmatched">Conditions, as <c>model stage</c>, that only one of the two tables holds.</param>
public sealed record CrossModelAgreement(Agreement Agreement, IReadOnlyList<CrossModelPoint> Points, IReadOnlyList<string> Unmatched)
{
    /// <summary>
    /// x: mean over all participants of all experiments that showed the model's metamers of the stage. y: mean over the models other than the generating
    /// one. Natural stimuli are left out. Stage names match with or without the ending <c>_fake_relu</c>.
    /// </summary>
    public static CrossModelAgreement Of(IReadOnlyList<CrossModelAccuracy> models, IReadOnlyList<StageAccuracy> people)
    {
        var ofModels = models.Where(m => m.RecognisingModel != m.GeneratingModel && !StageNames.IsNatural(m.Stage))
            .GroupBy(m => (Model: m.GeneratingModel, Stage: StageNames.Plain(m.Stage))).ToDictionary(g => g.Key, g => g.Average(m => m.ProportionCorrect));
        var ofPeople = people.Where(p => p.Human is not null && !StageNames.IsNatural(p.Stage))
            .GroupBy(p => (p.Model, Stage: StageNames.Plain(p.Stage))).ToDictionary(g => g.Key, g => g.Average(p => p.Human!.Value));
        var points = ofModels.Where(m => ofPeople.ContainsKey(m.Key)).Select(m => new CrossModelPoint(m.Key.Model, m.Key.Stage, ofPeople[m.Key], m.Value)).ToList();
        var unmatched = ofModels.Keys.Except(ofPeople.Keys).Concat(ofPeople.Keys.Except(ofModels.Keys)).Select(c => $"{c.Model} {c.Stage}").ToList();
        return new CrossModelAgreement(Agreement.Of([.. points.Select(p => p.People)], [.. points.Select(p => p.OtherModels)]), points, unmatched);
    }
}
