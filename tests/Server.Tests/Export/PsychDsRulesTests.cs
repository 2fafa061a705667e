using System.Text.Json.Nodes;

namespace PerceptionStudy.Server.Tests.Export;

/// <summary>That the rules find what they are there to find: a small valid dataset, broken in one place at a time.</summary>
public sealed class PsychDsRulesTests
{
    private const string Table = "data/study-one_data.csv";

    private static Dictionary<string, string> Valid() => new()
    {
        ["dataset_description.json"] = """
            { "@context": "https://schema.org/", "@type": "Dataset", "name": "One", "description": "A test.",
              "variableMeasured": [ { "@type": "PropertyValue", "name": "row_id" }, { "@type": "PropertyValue", "name": "answer" } ] }
            """,
        ["README.md"] = "# One",
        ["CHANGES.md"] = "# Changes",
        [".psychdsignore"] = "other\n",
        ["other/notes.txt"] = "ignored",
        [Table] = "row_id,answer\r\n1,cat\r\n2,dog\r\n",
    };

    [Fact]
    public void A_valid_dataset_passes() => Assert.Empty(PsychDsRules.Check(Valid()));

    [Theory]
    [InlineData("MISSING_DATASET_DESCRIPTION", "dataset_description.json", null)]
    [InlineData("MISSING_README_DOC", "README.md", null)]
    [InlineData("MISSING_CHANGES_DOC", "CHANGES.md", null)]
    [InlineData("MISSING_PSYCHDSIGNORE", ".psychdsignore", null)]
    [InlineData("MISSING_DATA_DIRECTORY", Table, null)]
    [InlineData("MISSING_DATAFILE", Table, null)]
    [InlineData("FILE_EMPTY", "README.md", "")]
    [InlineData("FILE_NOT_CHECKED", "notes.txt", "more")]
    [InlineData("JSON_INVALID", "dataset_description.json", "{ \"name\": ")]
    [InlineData("WRONG_METADATA_LOCATION", "data/dataset_description.json", "{}")]
    [InlineData("FILENAME_KEYWORD_FORMATTING_ERROR", "data/Study_one_data.csv", "answer\r\n")]
    [InlineData("FILENAME_UNOFFICIAL_KEYWORD_WARNING", "data/table-two_data.csv", "answer\r\n")]
    [InlineData("CSV_HEADER_MISSING", Table, "")]
    [InlineData("CSV_HEADER_LENGTH_MISMATCH", Table, "row_id,answer\r\n1,cat,3\r\n")]
    [InlineData("CSV_COLUMN_MISSING_FROM_METADATA", Table, "row_id,answer,time\r\n1,cat,3\r\n")]
    [InlineData("ROWID_VALUES_NOT_UNIQUE", Table, "row_id,answer\r\n1,cat\r\n1,dog\r\n")]
    // Wholesale: a sidecar's variables replace those of the dataset.
    [InlineData("CSV_COLUMN_MISSING_FROM_METADATA", "data/study-one_data.json", """{ "variableMeasured": [ "answer" ] }""")]
    [InlineData("INCORRECT_DATASET_TYPE", "data/file_metadata.json", """{ "@type": "Thing" }""")]
    public void A_broken_file_is_found(string code, string path, string? content)
    {
        var files = Valid();
        if (content is null) files.Remove(path);
        else files[path] = content;
        Assert.Contains(code, PsychDsRules.Check(files).Select(f => f.Code));
    }

    [Theory]
    [InlineData("INVALID_JSONLD_FORMATTING", "@context", null)]
    [InlineData("MISSING_DATASET_TYPE", "@type", null)]
    [InlineData("INCORRECT_DATASET_TYPE", "@type", "\"DataCatalog\"")]
    [InlineData("JSON_KEY_REQUIRED", "name", null)]
    [InlineData("JSON_KEY_REQUIRED", "description", "\"\"")]
    [InlineData("JSON_KEY_REQUIRED", "variableMeasured", null)]
    [InlineData("INVALID_SCHEMAORG_PROPERTY", "colour", "\"red\"")]
    [InlineData("OBJECT_TYPE_MISSING", "variableMeasured", """[ { "name": "row_id" }, { "name": "answer" } ]""")]
    [InlineData("INVALID_OBJECT_TYPE", "variableMeasured", """[ { "@type": "Person", "name": "row_id" }, { "@type": "Person", "name": "answer" } ]""")]
    public void A_wrong_description_is_found(string code, string key, string? value)
    {
        var files = Valid();
        var description = JsonNode.Parse(files["dataset_description.json"])!.AsObject();
        description.Remove(key);
        if (value is not null) description[key] = JsonNode.Parse(value);
        files["dataset_description.json"] = description.ToJsonString();
        Assert.Equal(code, Assert.Single(PsychDsRules.Check(files).Select(f => f.Code).Distinct(), c => c != "CSV_COLUMN_MISSING_FROM_METADATA"));
    }
}
