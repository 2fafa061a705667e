using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Studies;

/// <summary>Downloads of published versions for researchers who are signed in.</summary>
public static class BundleEndpoints
{
    public static void MapStudies(this IEndpointRouteBuilder site)
    {
        var version = site.MapGroup("/admin/studies/{studyId:guid}/versions/{number:int}").RequireAuthorization(NeedsAttribute.PolicyOf(StudyRight.See));
        version.MapGet("/preregistration.zip", (Guid studyId, int number, StudyBundle bundle, DataFolder data, CancellationToken cancel) =>
            SendAsync(data, $"preregistration-version-{number}.zip", target => bundle.WritePreregistrationAsync(studyId, number, target, cancel)));
        version.MapGet("/replication.zip", (Guid studyId, int number, StudyBundle bundle, DataFolder data, CancellationToken cancel) =>
            SendAsync(data, $"replication-version-{number}.zip", target => bundle.WriteReplicationAsync(studyId, number, target, cancel)));
    }

    // Written to a file first: a bundle that fails half-way is never sent as if it were whole.
    private static async Task<IResult> SendAsync(DataFolder data, string name, Func<Stream, Task> write)
    {
        var file = new FileStream(data.NewTemporaryPath(".zip"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, 81920, FileOptions.DeleteOnClose | FileOptions.Asynchronous);
        try
        {
            await write(file);
            file.Position = 0;
            return Results.File(file, "application/zip", name);
        }
        catch (RefusedException refusal)
        {
            await file.DisposeAsync();
            return Results.NotFound(refusal.Message);
        }
        catch
        {
            await file.DisposeAsync();
            throw;
        }
    }
}
