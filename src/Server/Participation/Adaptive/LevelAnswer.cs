namespace PerceptionStudy.Server.Participation.Adaptive;

/// <summary>An answer to a stimulus of a level, counted from 1, the easiest.</summary>
public readonly record struct LevelAnswer(int Level, bool Correct);

/// <summary>The level at which recognition falls to a criterion.</summary>
/// <param name="Level">In levels: 1 is the first stage, 2 the second; between them as it comes out.</param>
/// <param name="Sd">Its standard deviation in levels.</param>
/// <param name="Low">Lower end of its 95 % interval.</param>
/// <param name="High">Upper end of its 95 % interval.</param>
public readonly record struct LevelEstimate(double Level, double Sd, double Low, double High);

/// <summary>What is decided for the next trial.</summary>
/// <param name="Level">From 1.</param>
/// <param name="Estimate">What the answers so far say; null while they say nothing.</param>
public readonly record struct LevelDecision(int Level, LevelEstimate? Estimate);
