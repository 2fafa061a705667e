using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.DataProtection;

namespace PerceptionStudy.Server.Data;

/// <summary>
/// The keys of cookies, forms and recruiters' ids. They outlive a restart, and all servers on one data folder share them. With the setting
/// <c>Keys:Certificate</c> (a PFX file, password in <c>Keys:CertificatePassword</c>) they lie there encrypted; when the certificate is
/// changed, <c>Keys:FormerCertificates</c> names those before it, so that what they encrypted can still be read.
/// </summary>
internal static class KeyProtection
{
    /// <exception cref="RefusedException">A certificate cannot be read.</exception>
    public static void AddKeys(this IServiceCollection services, DataFolder data, IConfiguration configuration)
    {
        var keys = services.AddDataProtection().SetApplicationName("PerceptionStudy").PersistKeysToFileSystem(new DirectoryInfo(data.Folder("keys")));
        var settings = configuration.GetSection("Keys");
        if (settings["Certificate"] is not { Length: > 0 } path) return;
        var former = (settings["FormerCertificates"] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        keys.ProtectKeysWithCertificate(Load(path, settings["CertificatePassword"]));
        keys.UnprotectKeysWithAnyCertificate([.. former.Select(f => Load(f, settings["CertificatePassword"]))]);
    }

    private static X509Certificate2 Load(string path, string? password)
    {
        try
        {
            return X509CertificateLoader.LoadPkcs12FromFile(path, password);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new RefusedException($"The certificate '{path}' of the setting Keys cannot be read: {problem.Message} Give a PFX file, and its password as Keys:CertificatePassword.", problem);
        }
    }
}
