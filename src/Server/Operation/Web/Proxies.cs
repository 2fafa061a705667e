using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Operation.Web;

/// <summary>
/// Who may say for whom a request is: a reverse proxy on this machine, and those in the networks of the setting <c>Proxy:Networks</c>
/// (for example <c>10.0.0.0/8; fd00::/8</c>). From them the sender's address and whether it came by https are taken; from nobody else.
/// </summary>
public static class Proxies
{
    /// <exception cref="RefusedException">An entry is no network.</exception>
    public static void AddProxies(this IServiceCollection services, IConfiguration configuration)
    {
        var networks = (configuration["Proxy:Networks"] ?? "").Split([';', ','], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Network).ToArray();
        services.Configure<ForwardedHeadersOptions>(forwarded =>
        {
            forwarded.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto;
            // Through as many proxies as there are, as long as each is known.
            forwarded.ForwardLimit = null;
            foreach (var network in networks) forwarded.KnownIPNetworks.Add(network);
        });
    }

    private static System.Net.IPNetwork Network(string text)
    {
        if (System.Net.IPNetwork.TryParse(text, out var network)) return network;
        if (IPAddress.TryParse(text, out var address)) return new System.Net.IPNetwork(address, address.GetAddressBytes().Length * 8);
        throw new RefusedException($"Proxy:Networks holds '{text}', which is no network: write 10.0.0.0/8 or a single address, several with ; between them.");
    }
}
