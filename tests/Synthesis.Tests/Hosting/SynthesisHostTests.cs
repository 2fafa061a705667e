using System.Text.Json;
using PerceptionStudy.Synthesis.Hosting;

namespace PerceptionStudy.Synthesis.Tests.Hosting;

/// <summary>The protocol, line by line.</summary>
public sealed class SynthesisHostTests : IDisposable
{
    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Every_request_gets_one_last_line_and_standard_output_carries_nothing_else()
    {
        var input = TestPictures.Write(folder, "in.png", 20, 20, 1);
        var request = JsonSerializer.Serialize<HostRequestLine>(new(7, new PreparePicture(input, folder["out.png"], 8, 8)), HostProtocol.Lines);
        var answers = await AnswersAsync(request);
        var answer = Assert.Single(answers);
        Assert.Equal(7, answer.Id);
        Assert.Equal(8, answer.Result!.Value.GetProperty("width").GetInt32());
    }

    [Theory]
    [InlineData("this is no JSON", 0)]
    [InlineData("""{"id":5,"request":{"do":"make-coffee"}}""", 5)]
    [InlineData("""{"id":6,"request":{"do":"inspect-model"}}""", 6)]
    [InlineData("""{"id":8}""", 8)]
    public async Task A_line_that_makes_no_sense_is_answered_with_an_error(string line, long id)
    {
        var answer = Assert.Single(await AnswersAsync(line));
        Assert.Equal(id, answer.Id);
        Assert.Equal("request", answer.Error!.Kind);
        Assert.NotEmpty(answer.Error.Message);
    }

    [Fact]
    public async Task Requests_are_answered_in_their_order()
    {
        var input = TestPictures.Write(folder, "in.png", 20, 20, 1);
        var lines = Enumerable.Range(1, 5).Select(id => JsonSerializer.Serialize<HostRequestLine>(new(id, new PreparePicture(input, folder["out.png"], id, id)), HostProtocol.Lines));
        var answers = await AnswersAsync([.. lines]);
        Assert.Equal([1, 2, 3, 4, 5], answers.Select(a => a.Id));
    }

    /// <summary>Feeds the lines, and ends the input only when as many answers are there.</summary>
    private static async Task<List<HostAnswerLine>> AnswersAsync(params string[] lines)
    {
        using var host = new SynthesisHost();
        var answers = new LineCollector(lines.Length);
        await host.RunAsync(new PatientReader(lines, answers.Complete), answers);
        return [.. answers.Lines.Select(l => JsonSerializer.Deserialize<HostAnswerLine>(l, HostProtocol.Lines)!)];
    }

    private sealed class PatientReader(string[] lines, Task before) : TextReader
    {
        private int next;

        public override async ValueTask<string?> ReadLineAsync(CancellationToken cancellationToken)
        {
            if (next < lines.Length)
                return lines[next++];
            await before.WaitAsync(TimeSpan.FromMinutes(5), cancellationToken);
            return null;
        }
    }

    private sealed class LineCollector(int wanted) : StringWriter
    {
        private readonly TaskCompletionSource complete = new();

        public Task Complete => complete.Task;

        public string[] Lines => ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);

        public override void Flush()
        {
            if (Lines.Length >= wanted)
                complete.TrySetResult();
        }
    }
}
