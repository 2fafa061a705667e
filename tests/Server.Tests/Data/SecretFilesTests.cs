using Microsoft.Extensions.Configuration;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Tests.Data;

public sealed class SecretFilesTests
{
    [Fact]
    public void A_setting_comes_from_the_file_that_is_named()
    {
        var file = Path.GetTempFileName();
        try
        {
            File.WriteAllText(file, "Host=db;Password=a secret\n");
            var settings = Of(new() { ["ConnectionStrings:Postgres_FILE"] = file, ["ConnectionStrings:Postgres"] = "", ["SOMEBODY_ELSES_FILE"] = "/no/such/file" });
            Assert.Equal("Host=db;Password=a secret", DatabaseSetup.PostgresConnection(settings));
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public void A_file_that_is_not_there_is_one_sentence() =>
        Assert.StartsWith("The setting Keys:CertificatePassword_FILE names the file '/no/such/file', which cannot be read:", Assert.Throws<RefusedException>(() => Of(new() { ["Keys:CertificatePassword_FILE"] = "/no/such/file" })).Message, StringComparison.Ordinal);

    private static ConfigurationManager Of(Dictionary<string, string?> settings)
    {
        var configuration = new ConfigurationManager();
        configuration.AddInMemoryCollection(settings);
        configuration.AddSecretFiles();
        return configuration;
    }
}
