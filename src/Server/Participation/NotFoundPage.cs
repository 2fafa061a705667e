namespace PerceptionStudy.Server.Participation;

/// <summary>A page that says that something is not there.</summary>
internal static class NotFoundPage
{
    /// <summary>Status 404 with the page. Set before the page is rendered, Blazor would take it for an address without a page and send nothing at all.</summary>
    public static void AnswerNotFound(this HttpContext http) => http.Response.OnStarting(() =>
    {
        http.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    });
}
