using System.Text.Encodings.Web;
using System.Text.Json;

namespace PerceptionStudy.Synthesis.Hosting;

/// <summary>One line to a synthesis host: a request, or the wish to stop one.</summary>
/// <param name="Id">Chosen by the caller, repeated in every answer to this request.</param>
/// <param name="Request">What to do; absent when <paramref name="Cancel"/> is set.</param>
/// <param name="Cancel">Stop the request with this id.</param>
public sealed record HostRequestLine(long Id, SynthesisRequest? Request = null, bool Cancel = false);

/// <summary>One line from a synthesis host: progress, the result, or an error. Exactly one of the three is set.</summary>
/// <param name="Id">The request's id; 0 when the line could not be read so far.</param>
/// <param name="Progress">Where a synthesis stands; any number of lines before the last.</param>
/// <param name="Result">The answer; the last line of this request.</param>
/// <param name="Error">What went wrong; the last line of this request.</param>
public sealed record HostAnswerLine(long Id, SynthesisProgress? Progress = null, JsonElement? Result = null, HostError? Error = null);

/// <summary>Why a request failed.</summary>
/// <param name="Kind">
/// <c>request</c>: the request, its model or its files are at fault; <c>machine</c>: the machine is, the same may succeed later; <c>cancelled</c>: as asked;
/// <c>host</c>: anything else.
/// </param>
/// <param name="Message">One sentence.</param>
public sealed record HostError(string Kind, string Message);

/// <summary>How requests and answers look on the wire, and in manifests and null files.</summary>
public static class HostProtocol
{
    /// <summary>One line, camelCase; what is not set is written as null.</summary>
    public static JsonSerializerOptions Lines { get; } = Options(indented: false);

    /// <summary>The same for files that people read.</summary>
    public static JsonSerializerOptions Files { get; } = Options(indented: true);

    private static JsonSerializerOptions Options(bool indented) => new(JsonSerializerDefaults.Web)
    {
        WriteIndented = indented,
        NewLine = "\n",
        // The default writes every non-ASCII letter and even + as an escape; these documents never stand inside HTML.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        AllowOutOfOrderMetadataProperties = true,
        RespectRequiredConstructorParameters = true,
        RespectNullableAnnotations = true,
    };
}
