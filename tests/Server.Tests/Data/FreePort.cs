using System.Net;
using System.Net.Sockets;

namespace PerceptionStudy.Server.Tests.Data;

/// <summary>
/// A port of this computer for a server that a test starts, perhaps several times. Below the range from which Linux takes the ports of connections that go out:
/// of that range, a client's connection may take the port while the server is down, even the client's own that asks for the server, and the server could not come back.
/// </summary>
public static class FreePort
{
    private const int First = 20_000, Last = 32_000;
    // Two test programs at once begin at different places.
    private static int latest = Environment.ProcessId * 16 % (Last - First);

    public static int Take()
    {
        while (true)
        {
            var port = First + (Interlocked.Increment(ref latest) % (Last - First));
            try
            {
                using var probe = new TcpListener(IPAddress.Loopback, port);
                probe.Start();
                return port;
            }
            catch (SocketException)
            {
                // Somebody listens there.
            }
        }
    }
}
