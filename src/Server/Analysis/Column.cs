namespace PerceptionStudy.Server.Analysis;

/// <summary>What the codebook says of a column.</summary>
/// <param name="Unit">Unit, or null for what has none.</param>
/// <param name="Range">The values that occur: words, or bounds.</param>
/// <param name="Missing">When the field is empty; null if it never is.</param>
public abstract record Column(string Name, ColumnType Type, string? Unit, string Range, string Meaning, string? Missing);

/// <summary>One column of a table of <typeparamref name="TRow"/>: files print it, the codebook explains it.</summary>
public sealed record Column<TRow>(string Name, ColumnType Type, string? Unit, string Range, string Meaning, string? Missing, Func<TRow, Cell> Value)
    : Column(Name, Type, Unit, Range, Meaning, Missing);

/// <summary>A table with a name: that of its file, without ending.</summary>
/// <param name="Row">What one row is.</param>
public abstract record TableSchema(string Name, string Row)
{
    public abstract IReadOnlyList<Column> Columns { get; }
}

/// <summary>A table whose rows are <typeparamref name="TRow"/>.</summary>
public sealed record TableSchema<TRow>(string Name, string Row, IReadOnlyList<Column<TRow>> Fields) : TableSchema(Name, Row)
{
    public override IReadOnlyList<Column> Columns => Fields;
}
