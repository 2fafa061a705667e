using System.Globalization;
using System.Text;
using CsvHelper;
using PerceptionStudy.Server.Analysis;
using PerceptionStudy.Server.Analysis.Results;
using PerceptionStudy.Server.Analysis.Statistics;
using PerceptionStudy.Server.Export;
using PerceptionStudy.Server.Stimuli;
using PerceptionStudy.Server.Tests.Analysis;
using PerceptionStudy.Server.Tests.Participation;

namespace PerceptionStudy.Server.Tests.Export;

public sealed class TableCsvTests
{
    [Fact]
    public async Task A_row_holds_every_factor_in_its_type_whatever_the_culture()
    {
        var before = CultureInfo.CurrentCulture;
        // As in German, made by hand because the program runs without the system's cultures.
        var german = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        (german.NumberFormat.NumberDecimalSeparator, german.NumberFormat.NumberGroupSeparator, german.DateTimeFormat.TimeSeparator) = (",", ".", ".");
        CultureInfo.CurrentCulture = german;
        try
        {
            var answer = Answers.Of(Guid.NewGuid(), "dog", 1612.25);
            var row = await OnlyRowAsync(Trials.Of(3, false, 2) with
            {
                Study = "Füchse, \"rot\"\nund 日本", Position = 7, ReactionTimeMs = 1612.25, Timing = answer.Timing,
                ReceivedAt = new DateTimeOffset(2026, 11, 24, 13, 5, 6, TimeSpan.FromHours(1)).AddMicroseconds(78), StimulusSha256 = "ab",
            });
            (string, string)[] expected =
            [
                ("study", "Füchse, \"rot\"\nund 日本"), ("study_version", "1"), ("modality", "vision"), ("observer_type", "human"), ("observer_id", "P3"), ("session_observer_type", "human"),
                ("session", "3"), ("session_completed", "true"), ("position", "7"), ("phase", "main"), ("is_catch", "false"), ("condition", "metamer"),
                ("generating_model", "net"), ("stage", "stage2"), ("stage_index", "2"), ("swapped", "false"), ("natural_stimulus", "cat-1"), ("stimulus", ""),
                ("stimulus_sha256", "ab"), ("category", "cat"), ("choices", "4"), ("response", "dog"), ("correct", "false"), ("reaction_time_ms", "1612.25"),
                ("stimulus_requested_ms", "300"), ("stimulus_frames", "18"), ("refresh_interval_ms", "16.667"), ("timing_verdict", "exact"), ("response_device", "key"),
                ("full_screen", "false"), ("session_started_at", "2026-11-24T12:00:00.000000Z"), ("received_at", "2026-11-24T12:05:06.000078Z"),
            ];
            Assert.All(expected, pair => Assert.Equal(pair.Item2, row[pair.Item1]));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData("=HYPERLINK(\"http://example.org\")")]
    [InlineData("+1")]
    [InlineData("-1")]
    [InlineData("@SUM(A1)")]
    [InlineData("\t=1")]
    [InlineData("\r=1")]
    public async Task A_text_that_a_spreadsheet_would_run_is_disarmed_and_read_back_as_it_was(string text)
    {
        var trial = Trials.Of(1, true, 1) with { Study = text, GeneratingModel = text, NaturalStimulus = text, Stimulus = text, Stage = text, Category = text, Response = text, DrawnChoices = [text] };
        var row = await OnlyRowAsync(trial);
        foreach (var column in TrialColumns.All.Where(c => c.Type == ColumnType.FreeText && c.Name != "observer_id")) Assert.Equal("'" + text, row[column.Name]);

        var read = Assert.Single(TrialTable.Read(new StringReader(await WriteAsync(trial))));
        Assert.Equal((text, text, text, text), (read.Study, read.GeneratingModel, read.Stage, read.Category));
    }

    [Fact]
    public async Task The_file_is_UTF8_without_a_mark()
    {
        using var stream = new MemoryStream();
        await TableCsv.WriteAsync(TrialColumns.Table, new[] { Trials.Of(1, true) with { Study = "é" } }.ToAsyncEnumerable(), stream);
        Assert.Equal((byte)'s', stream.ToArray()[0]);
        Assert.Contains("é", new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(stream.ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_read_back_gives_the_same_curve()
    {
        TrialRecord[] trials = [Trials.Of(1, true), Trials.Of(1, true, 1), Trials.Of(1, false, 1), Trials.Of(2, true, 1), Trials.Of(1, true, 1, "net"), Trials.Of(1, false, 1) with { IsPractice = true },
            Trials.Of(1, true) with { Condition = ConditionKind.Catch, StageIndex = null }];
        var read = TrialTable.Read(new StringReader(await WriteAsync(trials)));
        Assert.Equal(RecognitionCurve.Of(trials).StageAccuracies("E"), RecognitionCurve.Of(read).StageAccuracies("E"));

        using var table = new MemoryStream();
        await TableCsv.WriteAsync(StageAccuracyColumns.Table, RecognitionCurve.Of(trials).StageAccuracies("E").ToAsyncEnumerable(), table);
        Assert.Equal(RecognitionCurve.Of(trials).StageAccuracies("E"), StageAccuracyTable.Read(new StringReader(Encoding.UTF8.GetString(table.ToArray()))));
    }

    [Fact]
    public async Task Sounds_are_told_from_pictures()
    {
        var read = TrialTable.Read(new StringReader(await WriteAsync(Trials.Of(1, true) with { Medium = StimulusMedium.Sound }, Trials.Of(1, true, 1) with { Medium = StimulusMedium.Sound })));
        Assert.All(read, t => Assert.Equal(StimulusMedium.Sound, t.Medium));
        Assert.All(StudySummary.Of(ResultsSource.Of(read), "E").StageAccuracies, a => Assert.Equal("audio", a.Modality));
    }

    [Fact]
    public async Task People_and_synthetic_observers_in_one_file_are_refused()
    {
        var text = await WriteAsync(Trials.Of(1, true), Trials.Of(2, true) with { Observer = ObserverKind.Synthetic, SessionObserver = ObserverKind.Synthetic });
        Assert.Contains("never analysed together", Assert.Throws<FormatException>(() => TrialTable.Read(new StringReader(text))).Message, StringComparison.Ordinal);
    }

    private static async Task<Dictionary<string, string>> OnlyRowAsync(TrialRecord trial)
    {
        using var csv = CsvReader.Create(new StringReader(await WriteAsync(trial)), new CsvReaderOptions { Separator = ',' });
        Assert.True(csv.Read());
        var row = csv.Headers.ToArray().ToDictionary(name => name, name => csv.GetString(name));
        Assert.False(csv.Read());
        return row;
    }

    private static async Task<string> WriteAsync(params TrialRecord[] trials)
    {
        using var stream = new MemoryStream();
        await TableCsv.WriteAsync(TrialColumns.Table, trials.ToAsyncEnumerable(), stream);
        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
