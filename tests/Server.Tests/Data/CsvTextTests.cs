using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Tests.Data;

public class CsvTextTests
{
    [Fact]
    public void Texts_are_quoted_where_they_must_be_and_run_as_no_formula()
    {
        var rows = CsvText.Of(["name", "value"], [["a,\"b\"", -1.5], ["=1+1", null]]).Split("\r\n");
        Assert.Equal("name,value", rows[0]);
        Assert.Equal("\"a,\"\"b\"\"\",-1.5", rows[1]);
        Assert.Contains("'=1+1", rows[2], StringComparison.Ordinal);
    }
}
