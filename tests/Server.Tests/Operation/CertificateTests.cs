using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Tests.Data;

namespace PerceptionStudy.Server.Tests.Operation;

/// <summary>A certificate is changed: that of the keys, and that of https.</summary>
public sealed class CertificateTests(SqliteDatabase database) : IClassFixture<SqliteDatabase>
{
    [Fact]
    public void Keys_lie_encrypted_and_outlive_a_new_certificate()
    {
        var folder = Directory.CreateTempSubdirectory("perception-study-").FullName;
        try
        {
            string first = Path.Combine(folder, "first.pfx"), second = Path.Combine(folder, "second.pfx");
            Write(first, "first");
            Write(second, "second");
            var cookie = Protector(folder, new() { ["Keys:Certificate"] = first }).Protect("signed in");
            var key = File.ReadAllText(Assert.Single(Directory.GetFiles(Path.Combine(folder, "keys"), "key-*.xml")));
            Assert.Contains("EncryptedData", key, StringComparison.Ordinal);
            Assert.DoesNotContain("<masterKey", key, StringComparison.Ordinal);

            Assert.Equal("signed in", Protector(folder, new() { ["Keys:Certificate"] = second, ["Keys:FormerCertificates"] = first }).Unprotect(cookie));
            Assert.Throws<CryptographicException>(() => Protector(folder, new() { ["Keys:Certificate"] = second }).Unprotect(cookie));
            Assert.Contains("cannot be read", Assert.Throws<RefusedException>(() => Protector(folder, new() { ["Keys:Certificate"] = Path.Combine(folder, "none.pfx") })).Message, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task Https_goes_on_with_the_new_certificate_without_a_restart()
    {
        var file = Path.Combine(database.Services.GetRequiredService<DataFolder>().Folder("temporary"), "https.pfx");
        var before = Write(file, "localhost");
        var port = FreePort.Take();
        await using var server = await database.StartServerAsync($"--Kestrel:Endpoints:Https:Url=https://127.0.0.1:{port}", $"--Kestrel:Endpoints:Https:Certificate:Path={file}");
        Assert.Equal(before, await ShownAsync(port));
        var after = Write(file, "localhost");
        await Wait.UntilAsync(async () => await ShownAsync(port) == after, "the server shows the new certificate");
    }

    private static IDataProtector Protector(string folder, Dictionary<string, string?> settings)
    {
        var services = new ServiceCollection();
        services.AddStudyDb(new ConfigurationBuilder().AddInMemoryCollection([.. settings, new("DataFolder", folder)]).Build());
        return services.BuildServiceProvider().GetRequiredService<IDataProtectionProvider>().CreateProtector("a cookie");
    }

    private static string Write(string path, string name)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(1));
        // In one step, as whoever renews certificates does.
        File.WriteAllBytes(path + ".new", certificate.Export(X509ContentType.Pfx));
        File.Move(path + ".new", path, overwrite: true);
        return certificate.Thumbprint;
    }

    private static async Task<string?> ShownAsync(int port)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync("127.0.0.1", port);
            await using var tls = new SslStream(client.GetStream(), false, (_, _, _, _) => true);
            await tls.AuthenticateAsClientAsync("localhost");
            return ((X509Certificate2)tls.RemoteCertificate!).Thumbprint;
        }
        catch (Exception between) when (between is SocketException or IOException)
        {
            // While the address is taken anew.
            return null;
        }
    }
}
