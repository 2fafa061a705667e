using PerceptionStudy.Server.Accounts.Auditing;

namespace PerceptionStudy.Server.Tests.Accounts.Auditing;

public class AuditDifferenceTests
{
    [Fact]
    public void Only_what_differs_is_named_down_to_the_value()
    {
        var differences = AuditDifference.Of(
            """{"name":"A","draftJson":{"mainTrials":40,"title":"T","ends":{"code":null},"stimuli":["a","b","c","d"]}}""",
            """{"name":"A","draftJson":{"mainTrials":20,"title":"T","ends":{"code":"C7"},"stimuli":["a","b","c","d","e"]}}""");
        Assert.Equal(
            [new("draftJson.mainTrials", "40", "20"), new("draftJson.ends.code", null, "C7"), new("draftJson.stimuli", "4 entries", "5 entries")],
            differences);
    }

    [Fact]
    public void Of_something_new_or_gone_every_value_is_named()
    {
        Assert.Equal([new AuditDifference("name", null, "A")], AuditDifference.Of(null, """{"name":"A"}"""));
        Assert.Equal([new AuditDifference("name", "A", null)], AuditDifference.Of("""{"name":"A"}""", null));
    }
}
