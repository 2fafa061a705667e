using System.Text.Json;
using CsvHelper;
using PerceptionStudy.Server.Export;

namespace PerceptionStudy.Server.Tests.Export;

public sealed class CodebookTests
{
    [Fact]
    public void The_codebook_of_the_documentation_is_the_one_that_is_exported()
    {
        var path = Path.Combine(RepositoryRoot(), "docs", "CODEBOOK.md");
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1") File.WriteAllText(path, Codebook.Markdown());
        Assert.True(File.ReadAllText(path) == Codebook.Markdown(), "docs/CODEBOOK.md is not current: run this test with UPDATE_DOCS=1.");
    }

    [Fact]
    public void Every_column_is_described_once_in_a_sentence()
    {
        foreach (var table in Codebook.Tables)
        {
            Assert.Equal(table.Columns.Count, table.Columns.DistinctBy(c => c.Name).Count());
            Assert.All(table.Columns, c => Assert.True(c.Meaning.EndsWith('.') && c.Range.Length > 0 && c.Unit != "", $"{table.Name}.{c.Name} is not described."));
            Assert.EndsWith(".", table.Row, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task CSV_and_JSON_say_the_same_as_each_other()
    {
        using var stream = new MemoryStream();
        await Codebook.WriteCsvAsync(stream);
        stream.Position = 0;
        using var csv = CsvReader.Create(new StreamReader(stream), new CsvReaderOptions { Separator = ',' });
        using var json = JsonDocument.Parse(Codebook.Json());
        foreach (var table in json.RootElement.GetProperty("tables").EnumerateArray())
        {
            foreach (var column in table.GetProperty("columns").EnumerateArray())
            {
                Assert.True(csv.Read());
                Assert.Equal(table.GetProperty("file").GetString(), csv.GetString("file"));
                foreach (var (name, property) in ((string, string)[])[("name", "name"), ("type", "type"), ("unit", "unit"), ("range", "range"), ("meaning", "meaning"), ("missing_code", "missingCode"), ("missing_when", "missingWhen")])
                    Assert.Equal(column.GetProperty(property).GetString() ?? "", csv.GetString(name));
            }
        }
        Assert.False(csv.Read());
    }

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "PerceptionStudy.sln"))) folder = folder.Parent!;
        return folder.FullName;
    }
}
