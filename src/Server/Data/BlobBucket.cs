using System.Net;
using System.Runtime.CompilerServices;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace PerceptionStudy.Server.Data;

/// <summary>
/// A bucket of a store that speaks S3's protocol, one object for each blob. Settings: <c>Blobs:S3:Bucket</c>, <c>Blobs:S3:Endpoint</c> (empty: Amazon's),
/// <c>Blobs:S3:Region</c>, <c>Blobs:S3:AccessKey</c> and <c>Blobs:S3:SecretKey</c> (empty: as Amazon's tools find them), <c>Blobs:S3:Prefix</c>.
/// </summary>
public sealed class BlobBucket : IDisposable
{
    // An object of this age is written again when its content is stored again, so that nobody takes it for forgotten.
    private static readonly TimeSpan Fresh = TimeSpan.FromHours(12);

    private readonly AmazonS3Client client;
    private readonly string prefix;
    private readonly TimeProvider clock;

    public BlobBucket(IConfiguration settings, TimeProvider clock)
    {
        this.clock = clock;
        Name = settings["Bucket"]!;
        prefix = settings["Prefix"] is { Length: > 0 } text ? text.TrimEnd('/') + "/" : "";
        // Our own hash is checked at every fetch; servers other than Amazon's may not know its newer checksums.
        var config = new AmazonS3Config
        {
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED, ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
            Timeout = TimeSpan.FromMinutes(10), MaxErrorRetry = 3,
        };
        if (settings["Endpoint"] is { Length: > 0 } endpoint) (config.ServiceURL, config.ForcePathStyle, config.AuthenticationRegion) = (endpoint, true, settings["Region"] ?? "us-east-1");
        else if (settings["Region"] is { Length: > 0 } region) config.RegionEndpoint = Amazon.RegionEndpoint.GetBySystemName(region);
        client = settings["AccessKey"] is { Length: > 0 } key ? new AmazonS3Client(new BasicAWSCredentials(key, settings["SecretKey"]), config) : new AmazonS3Client(config);
    }

    public string Name { get; }

    /// <summary>When the blob was stored last; null if it is not there.</summary>
    public Task<DateTimeOffset?> FindAsync(string sha256, CancellationToken cancel) => AskAsync<DateTimeOffset?>(async () =>
    {
        try
        {
            return (await client.GetObjectMetadataAsync(Name, prefix + sha256, cancel)).LastModified is { } at ? new DateTimeOffset(at.ToUniversalTime()) : DateTimeOffset.UnixEpoch;
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }, sha256);

    /// <summary>Writes the object, unless it is there and fresh.</summary>
    public async Task UploadAsync(string sha256, string path, CancellationToken cancel)
    {
        if (await FindAsync(sha256, cancel) is { } storedAt && clock.GetUtcNow() - storedAt < Fresh) return;
        await AskAsync(() => client.PutObjectAsync(new PutObjectRequest { BucketName = Name, Key = prefix + sha256, FilePath = path, UseChunkEncoding = false }, cancel), sha256);
    }

    /// <summary>Writes the object's content into a file.</summary>
    /// <exception cref="BlobException">There is no such object.</exception>
    public Task DownloadAsync(string sha256, string path, CancellationToken cancel) => AskAsync(async () =>
    {
        try
        {
            using var answer = await client.GetObjectAsync(Name, prefix + sha256, cancel);
            await using var file = File.Create(path);
            await answer.ResponseStream.CopyToAsync(file, cancel);
            return true;
        }
        catch (AmazonS3Exception e) when (e.StatusCode == HttpStatusCode.NotFound)
        {
            throw new BlobException($"The bucket {Name} has no object {sha256}: put it back from a backup.", e);
        }
    }, sha256);

    public async IAsyncEnumerable<(string Sha256, DateTimeOffset StoredAt)> ListAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        var request = new ListObjectsV2Request { BucketName = Name, Prefix = prefix };
        bool? more;
        do
        {
            var page = await AskAsync(() => client.ListObjectsV2Async(request, cancel), "*");
            foreach (var item in page.S3Objects ?? [])
            {
                if (item.Key.Length == prefix.Length + 64) yield return (item.Key[prefix.Length..], new DateTimeOffset((item.LastModified ?? DateTime.UnixEpoch).ToUniversalTime()));
            }
            (request.ContinuationToken, more) = (page.NextContinuationToken, page.IsTruncated);
        }
        while (more == true);
    }

    public Task DeleteAsync(string sha256, CancellationToken cancel) => AskAsync(() => client.DeleteObjectAsync(Name, prefix + sha256, cancel), sha256);

    public void Dispose() => client.Dispose();

    // What the store or the way to it fails with is an I/O error to everybody else: it may pass.
    private async Task<T> AskAsync<T>(Func<Task<T>> ask, string sha256)
    {
        try
        {
            return await ask();
        }
        catch (Exception e) when (e is AmazonServiceException or AmazonClientException or HttpRequestException or WebException)
        {
            throw new IOException($"The bucket {Name} did not answer for {sha256}: {e.Message}", e);
        }
    }
}
