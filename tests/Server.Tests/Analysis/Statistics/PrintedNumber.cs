using System.Globalization;

namespace PerceptionStudy.Server.Tests.Analysis.Statistics;

/// <summary>A number as MATLAB prints it in a table: five significant digits, trailing zeros left out. Ours must round to it.</summary>
public sealed record PrintedNumber(string Text)
{
    public double Value => double.Parse(Text, CultureInfo.InvariantCulture);

    /// <summary>What the last digit counts.</summary>
    public double Unit => Value == 0 ? 0 : Math.Pow(10, Math.Floor(Math.Log10(Math.Abs(Value))) - 4);

    public void Matches(double? ours, string what)
    {
        Assert.True(ours is not null, $"{what}: nothing, where {Text} is printed.");
        // Half a unit, and a ten-thousandth of it for numbers that lie on the edge of rounding.
        Assert.True(Math.Abs(ours.Value - Value) <= Unit * 0.50005, $"{what}: {ours:R}, where {Text} is printed.");
    }
}
