namespace PerceptionStudy.Server.Analysis.Statistics;

/// <summary>One effect of an analysis of variance with repeated measures, with the error that it is tested against.</summary>
/// <param name="Effect"><c>intercept</c>, <c>observer</c>, <c>stage</c>, <c>observer:stage</c>, <c>model</c> or <c>stage:model</c>.</param>
public sealed record AnovaEffect(string Effect, double SumOfSquares, double Df, double ErrorSumOfSquares, double ErrorDf)
{
    /// <summary>(SS / df) / (error SS / error df); null where the error is 0, and then <see cref="Reason"/> says so.</summary>
    public double? F { get; init; }

    public double? P { get; init; }

    /// <summary>P with both degrees of freedom multiplied by the ε of Greenhouse and Geisser (1959). Equal to <see cref="P"/> for effects between groups.</summary>
    public double? PGreenhouseGeisser { get; init; }

    /// <summary>The same with the ε of Huynh and Feldt in Lecoutre's (1991) form.</summary>
    public double? PHuynhFeldt { get; init; }

    /// <summary>The same with the least possible ε.</summary>
    public double? PLowerBound { get; init; }

    public Sphericity? Epsilon { get; init; }

    /// <summary>SS / (SS + error SS), from 0 to 1; null where both are 0.</summary>
    public double? PartialEtaSquared { get; init; }

    /// <summary>Null for the intercept and where permutations were not asked for.</summary>
    public PermutationP? Permutation { get; init; }

    /// <summary>Why a number is missing, as a sentence; null where none is.</summary>
    public string? Reason { get; init; }
}

/// <summary>A whole table. <see cref="Rows"/> counts the rows of the data: observers, so twice the participants where people and network are compared.</summary>
public sealed record AnovaTable(int Rows, AnovaEffect Intercept, IReadOnlyList<AnovaEffect> Effects)
{
    public AnovaEffect this[string effect] => Effects.First(e => e.Effect == effect);
}
