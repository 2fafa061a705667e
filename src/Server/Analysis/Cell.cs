namespace PerceptionStudy.Server.Analysis;

/// <summary>Type of a column as the codebook names it. Free text was typed by a person and is made safe for spreadsheets.</summary>
public enum ColumnType { FreeText, Word, Whole, Number, YesNo, Time }

/// <summary>One field of a table, without boxing; the default is a missing value.</summary>
public readonly struct Cell
{
    private readonly bool there;
    private readonly string? text;
    private readonly long bits;

    private Cell(string? text, long bits) => (there, this.text, this.bits) = (true, text, bits);

    public bool IsMissing => !there;

    /// <summary>Of <see cref="ColumnType.FreeText"/> and <see cref="ColumnType.Word"/>.</summary>
    public string Text => text!;

    public long Whole => bits;
    public double Number => BitConverter.Int64BitsToDouble(bits);
    public bool YesNo => bits != 0;

    /// <summary>In UTC.</summary>
    public DateTime Time => new(bits, DateTimeKind.Utc);

    public static implicit operator Cell(string? value) => value is null ? default : new(value, 0);

    public static implicit operator Cell(long? value) => value is { } whole ? new(null, whole) : default;

    public static implicit operator Cell(int? value) => (long?)value;

    public static implicit operator Cell(double? value) => value is { } number ? new(null, BitConverter.DoubleToInt64Bits(number)) : default;

    public static implicit operator Cell(bool? value) => value is { } yes ? new(null, yes ? 1 : 0) : default;

    public static implicit operator Cell(DateTimeOffset? value) => value is { } time ? new(null, time.UtcTicks) : default;
}
