using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Participation;

/// <summary>
/// Seals what recruiters call people before it is stored, and opens it for paying them and for the way back. The keys lie in the folder <c>keys</c> of the
/// data folder, not in the database: who has one of the two has no ids, and who deletes the keys has deleted every id, in backups too.
/// </summary>
public sealed class RecruiterIds(IDataProtectionProvider protection, DataFolder data)
{
    private const int KeyBytes = 32;
    private readonly IDataProtector ids = protection.CreateProtector("recruiters' ids");
    private readonly Lazy<byte[]> hashKey = new(() => HashKey(protection.CreateProtector("hash of recruiters' ids"), Path.Combine(data.Folder("keys"), "recruiter-ids.key")));

    /// <summary>The id as it is stored; each time another text, so that equal ids do not show.</summary>
    public string? Seal(string? id) => id is null ? null : ids.Protect(id);

    /// <summary>The id; null where there is none (any more), or its key is gone.</summary>
    public string? Open(string? sealedId)
    {
        if (sealedId is null) return null;
        try
        {
            return ids.Unprotect(sealedId);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    /// <summary>HMAC-SHA-256, lower-case hexadecimal: equal for equal texts, and without the key nobody can try ids out.</summary>
    public string Hash(string text) => Convert.ToHexStringLower(HMACSHA256.HashData(hashKey.Value, Encoding.UTF8.GetBytes(text)));

    // Written once; of two servers that start together the first one's counts.
    private static byte[] HashKey(IDataProtector protector, string path)
    {
        if (!File.Exists(path))
        {
            var mine = $"{path}.{Guid.NewGuid():N}";
            File.WriteAllBytes(mine, protector.Protect(RandomNumberGenerator.GetBytes(KeyBytes)));
            try
            {
                File.Move(mine, path, overwrite: false);
            }
            catch (IOException) when (File.Exists(path))
            {
                File.Delete(mine);
            }
        }
        return protector.Unprotect(File.ReadAllBytes(path));
    }
}
