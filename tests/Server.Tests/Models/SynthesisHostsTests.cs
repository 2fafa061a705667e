using Microsoft.Extensions.Configuration;
using PerceptionStudy.Server.Models;

namespace PerceptionStudy.Server.Tests.Models;

public sealed class SynthesisHostsTests
{
    [Fact]
    public async Task What_works_fastest_computes_unless_a_setting_says_otherwise()
    {
        await using (var hosts = With([]))
            Assert.Equal("auto", hosts.Provider);
        await using (var hosts = With(new() { ["Worker:Provider"] = "webgpu" }))
            Assert.Equal("webgpu", hosts.Provider);
    }

    [Fact]
    public void A_provider_that_there_is_not_is_named_at_the_start() =>
        Assert.Equal("The setting Worker:Provider is tpu; take one of auto, cpu, cuda, webgpu.",
            Assert.Throws<InvalidOperationException>(() => With(new() { ["Worker:Provider"] = "tpu" })).Message);

    private static SynthesisHosts With(Dictionary<string, string?> settings) => new(new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), TimeProvider.System);
}
