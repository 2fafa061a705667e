using System.CommandLine;
using System.Globalization;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Operation.Backups;

namespace PerceptionStudy.Server.Commands;

/// <summary><c>backup --out FILE</c>: database, blobs and keys in one zip, while the server runs.</summary>
public static class BackupCommand
{
    private const string Pattern = "perceptionstudy-*.zip";

    public static Command Create()
    {
        var target = new Option<string>("--out") { Description = "The zip to write; in a folder, a name with the time.", Required = true };
        var keep = new Option<int?>("--keep") { Description = "With a folder: how many backups stay there; older ones are deleted when the new one is whole." };
        var command = new Command("backup", "Write database, pictures, models and keys into one zip; the server may run meanwhile. With Blobs:S3 the bucket is not in it.") { target, keep };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(async (parsed, cancel) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            await using var app = ServerHost.Build([.. parsed.UnmatchedTokens]);
            var folder = Directory.Exists(parsed.GetValue(target)!);
            var file = Path.GetFullPath(folder ? Path.Combine(parsed.GetValue(target)!, $"perceptionstudy-{app.Services.GetRequiredService<TimeProvider>().GetUtcNow().ToString("yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)}.zip") : parsed.GetValue(target)!);
            try
            {
                var manifest = await app.Services.GetRequiredService<Backup>().WriteAsync(file, cancel);
                if (folder && parsed.GetValue(keep) is { } number) foreach (var old in Directory.GetFiles(Path.GetDirectoryName(file)!, Pattern).OrderDescending(StringComparer.Ordinal).Skip(Math.Max(1, number))) File.Delete(old);
                await output.WriteLineAsync($"{file}: {manifest.Studies} studies, {manifest.Sessions} sessions, {manifest.Entries.Count} files, {new FileInfo(file).Length:N0} bytes.");
                if (app.Services.GetService<BlobBucket>() is { } bucket)
                    await error.WriteLineAsync($"Models, pictures, sounds and metamers lie in the bucket {bucket.Name} and are not in it: the bucket needs versions, or a backup of its own.");
                return 0;
            }
            catch (Exception problem) when (problem is RefusedException or IOException or UnauthorizedAccessException or System.Data.Common.DbException)
            {
                await error.WriteLineAsync(problem is RefusedException ? problem.Message : $"The backup was not written: {problem.Message}");
                return 1;
            }
        });
        return command;
    }
}
