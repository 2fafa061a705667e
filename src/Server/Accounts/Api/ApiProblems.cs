using Microsoft.AspNetCore.Mvc;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Accounts.Api;

/// <summary>Turns what the services refuse into answers that a program can tell apart, and a person can read.</summary>
internal sealed class ApiProblems(IProblemDetailsService problems, ILogger<ApiProblems> log)
{
    public async Task AnswerAsync(HttpContext http, RequestDelegate next)
    {
        try
        {
            await next(http);
            if (http.Response is { StatusCode: >= 400, HasStarted: false, ContentType: null }) await WriteAsync(http, http.Response.StatusCode, Usual(http.Response.StatusCode));
        }
        catch (RefusedException refusal) when (!http.Response.HasStarted)
        {
            await WriteAsync(http, StatusOf(refusal.Kind), refusal.Message, refusal.Sentences);
        }
        catch (BadHttpRequestException bad) when (!http.Response.HasStarted)
        {
            await WriteAsync(http, bad.StatusCode, bad.InnerException is { } why ? $"{bad.Message} {why.Message}" : bad.Message);
        }
        catch (Exception fault) when (!http.Response.HasStarted && fault is not OperationCanceledException)
        {
            log.LogError(fault, "{Method} {Path} failed.", http.Request.Method, http.Request.Path);
            await WriteAsync(http, StatusCodes.Status500InternalServerError, Usual(StatusCodes.Status500InternalServerError));
        }
    }

    private static int StatusOf(Refusal kind) => kind switch
    {
        Refusal.Missing => StatusCodes.Status404NotFound,
        Refusal.NotAllowed => StatusCodes.Status403Forbidden,
        Refusal.Conflict => StatusCodes.Status409Conflict,
        _ => StatusCodes.Status422UnprocessableEntity,
    };

    private static string Usual(int status) => status switch
    {
        StatusCodes.Status404NotFound => "There is nothing at this address.",
        StatusCodes.Status405MethodNotAllowed => "This address does not take this method.",
        StatusCodes.Status412PreconditionFailed => "The condition of the request does not hold.",
        StatusCodes.Status415UnsupportedMediaType => "Send JSON: Content-Type: application/json.",
        >= 500 => "Something went wrong on the server, and nothing was stored by this request. The server's log says more.",
        _ => "The request could not be understood.",
    };

    private async Task WriteAsync(HttpContext http, int status, string sentence, IReadOnlyList<string>? sentences = null)
    {
        http.Response.StatusCode = status;
        var details = new ProblemDetails { Status = status, Detail = sentence };
        if (sentences is { Count: > 1 }) details.Extensions["sentences"] = sentences;
        await problems.WriteAsync(new ProblemDetailsContext { HttpContext = http, ProblemDetails = details });
    }
}
