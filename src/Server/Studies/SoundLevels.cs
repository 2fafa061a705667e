using PerceptionStudy.Synthesis.Media;

namespace PerceptionStudy.Server.Studies;

/// <summary>At which levels the sounds of a design are kept, and whether all of them fit at the one level that it may ask for.</summary>
internal static class SoundLevels
{
    // About the smallest difference in level that people notice.
    private const double NoticedDb = 1;

    /// <summary>What is wrong with the level that the design asks for, in a sentence; null if nothing. It is refused rather than lowered, so that what is written in the design is what is heard.</summary>
    public static string? Problem(StudyDesign design, StudyMaterial material)
    {
        if (design.Sound.Rms is not { } level) return null;
        if (!(level is > 0 and <= SoundSettings.HighestRms))
            return FormattableString.Invariant($"The level of the sounds is {level} (RMS): choose above 0 and up to {SoundSettings.HighestRms}, where full scale is 1, or leave it empty.");
        double[] highest = [.. Played(design, material).Select(s => SoundLevel.Highest(s.Rms, s.Peak))];
        var tooLow = highest.Count(h => h < level);
        return tooLow == 0 ? null : FormattableString.Invariant(
            $"At the level {level} (RMS) the peaks of {tooLow} of {highest.Length} sounds would not fit into full scale, and nothing is clipped: set {Math.Floor(highest.Min() * 10_000) / 10_000} or less, at which all fit.");
    }

    /// <summary>What is better known of the levels before publication, in a sentence; null if nothing.</summary>
    public static string? Advice(StudyDesign design, StudyMaterial material)
    {
        double[] kept = [.. Played(design, material).Select(s => s.Rms)];
        if (kept.Length == 0) return null;
        var (lowest, loudest) = (kept.Min(), kept.Max());
        var range = FormattableString.Invariant($"from {lowest:0.###} to {loudest:0.###} (RMS)");
        if (design.Sound.Rms is not { } level)
            return Db(lowest, loudest) > NoticedDb ? FormattableString.Invariant($"The sounds differ in level by up to {Db(lowest, loudest):0} dB, {range}: loudness may tell what is a metamer, and loud ones may startle. Set one level for all of them.") : null;
        return Db(lowest, level) > NoticedDb || Db(level, loudest) > NoticedDb
            ? FormattableString.Invariant($"People hear every sound at the level {level}, models as it is kept, {range}: where that matters to a model, make sets and campaigns at the level of the study.") : null;
    }

    private static double Db(double a, double b) => Math.Abs(20 * Math.Log10(a / b));

    /// <summary>The sounds that a publication would freeze; silence has no level.</summary>
    private static IEnumerable<MaterialSound> Played(StudyDesign design, StudyMaterial material)
    {
        var metamers = StudyPublisher.Freeze(design, material).Metamers.ToHashSet();
        return design.NaturalStimuli.Concat(design.PracticeStimuli).Concat(design.CatchStimuli).Where(material.Naturals.ContainsKey).Select(id => material.Naturals[id].Sound)
            .Concat(material.Metamers.Where(m => metamers.Contains(m.Id)).Select(m => m.Sound)).OfType<MaterialSound>().Where(s => s.Rms > 0);
    }
}
