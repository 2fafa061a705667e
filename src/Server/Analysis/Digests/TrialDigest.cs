using System.Runtime.InteropServices;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Analysis.Digests;

/// <summary>
/// An answered main or catch trial in 35 bytes: places in the lists of the frozen design instead of names. Little-endian, as every machine
/// that .NET runs on.
/// </summary>
/// <param name="Natural">Place of the natural stimulus in <see cref="StudyDesign.NaturalStimuli"/>; -1 for a catch trial.</param>
/// <param name="Metamer">
/// Place of what was shown in <see cref="StudyDesign.Metamers"/>, or behind them among those made on demand; -1 where the natural stimulus or an icon was shown;
/// <see cref="NothingMade"/> for a simulated observer of a metamer on demand.
/// </param>
/// <param name="Condition">Place of what was drawn in <see cref="StudyDesign.Conditions"/>; -1 for a catch trial.</param>
/// <param name="Category">Place of the right answer in <see cref="StudyDesign.Categories"/>.</param>
/// <param name="Response">Place of the answer there; -1 without one, or for a word that is no category.</param>
/// <param name="Interrupted">Nobody answered, because the page went.</param>
/// <param name="Touch">Whether it was answered by touch.</param>
/// <param name="ReactionTimeMs">NaN without an answer.</param>
/// <param name="Drawn">Bit n stands for the category at place n that could be answered; 0 where all could.</param>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public readonly record struct TrialDigest(
    int Natural, int Metamer, short Condition, short Category, short Response, bool Swapped, bool Repeated, bool Interrupted, bool Touch, TimingVerdict Verdict, double ReactionTimeMs, ulong Drawn)
{
    /// <summary>Changes with the layout, and with what is kept beside it: digests of another format are made anew.</summary>
    public const int Format = 5;

    /// <summary>In the place of a metamer on demand that was made for nobody.</summary>
    public const int NothingMade = -2;

    public bool IsCatch => Condition < 0;
    public bool Counts => !IsCatch && !Swapped && !Repeated && !Interrupted;
    public bool Correct => Response == Category;

    public static byte[] Pack(TrialDigest[] trials) => MemoryMarshal.AsBytes(trials.AsSpan()).ToArray();

    public static TrialDigest[] Unpack(byte[] bytes) => MemoryMarshal.Cast<byte, TrialDigest>(bytes).ToArray();
}
