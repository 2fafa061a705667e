namespace PerceptionStudy.Server.Participation;

/// <summary>
/// Cheapest flow through a network whose arcs have whole capacities and costs of at least 0: successive shortest paths with potentials
/// (Edmonds and Karp 1972). Costs are 128 bits wide, so that one number can hold several aims in order of rank.
/// </summary>
internal sealed class MinCostFlow(int nodes)
{
    private readonly List<Arc> arcs = [];
    private readonly List<int>[] leaving = [.. Enumerable.Range(0, nodes).Select(_ => new List<int>())];

    /// <summary>Adds an arc and gives its number.</summary>
    public int Add(int from, int to, int capacity, Int128 cost)
    {
        leaving[from].Add(arcs.Count);
        arcs.Add(new Arc(to, capacity, cost));
        leaving[to].Add(arcs.Count);
        arcs.Add(new Arc(from, 0, -cost));
        return arcs.Count - 2;
    }

    /// <summary>Whether an arc carries anything.</summary>
    public bool Carries(int arc) => arcs[arc ^ 1].Capacity > 0;

    /// <summary>Sends up to <paramref name="most"/> units as cheaply as possible; returns how many there was room for.</summary>
    public int Send(int source, int sink, int most)
    {
        var potential = new Int128[nodes];
        var sent = 0;
        while (sent < most && ShortestPath(source, sink, potential) is { } reached)
        {
            for (var node = sink; node != source;)
            {
                var arc = reached[node];
                arcs[arc].Capacity--;
                arcs[arc ^ 1].Capacity++;
                node = arcs[arc ^ 1].To;
            }
            sent++;
        }
        return sent;
    }

    /// <summary>For each node the arc by which it is reached, or null if the sink is out of reach (Dijkstra 1959, on reduced costs).</summary>
    private int[]? ShortestPath(int source, int sink, Int128[] potential)
    {
        var distance = new Int128[nodes];
        Array.Fill(distance, Int128.MaxValue);
        var by = new int[nodes];
        var done = new bool[nodes];
        distance[source] = 0;
        while (true)
        {
            var nearest = -1;
            for (var node = 0; node < nodes; node++)
            {
                if (!done[node] && distance[node] != Int128.MaxValue && (nearest < 0 || distance[node] < distance[nearest])) nearest = node;
            }
            if (nearest < 0) break;
            done[nearest] = true;
            foreach (var arc in leaving[nearest])
            {
                var (to, capacity, cost) = arcs[arc];
                if (capacity == 0 || done[to]) continue;
                var length = distance[nearest] + cost + potential[nearest] - potential[to];
                if (length >= distance[to]) continue;
                distance[to] = length;
                by[to] = arc;
            }
        }
        if (!done[sink]) return null;
        for (var node = 0; node < nodes; node++)
        {
            if (done[node]) potential[node] += distance[node];
        }
        return by;
    }

    private sealed class Arc(int to, int capacity, Int128 cost)
    {
        public int To { get; } = to;

        public int Capacity { get; set; } = capacity;

        public void Deconstruct(out int end, out int room, out Int128 price) => (end, room, price) = (To, Capacity, cost);
    }
}
