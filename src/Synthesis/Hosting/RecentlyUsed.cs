namespace PerceptionStudy.Synthesis.Hosting;

/// <summary>Keeps what was made last, up to a number of things.</summary>
internal sealed class RecentlyUsed<T>(int most) : IDisposable where T : class
{
    private readonly LinkedList<(string Key, T Thing)> things = new();

    public T Get(string key, Func<T> make)
    {
        for (var node = things.First; node is not null; node = node.Next)
            if (node.Value.Key == key)
            {
                things.Remove(node);
                things.AddFirst(node);
                return node.Value.Thing;
            }
        if (things.Count == most)
        {
            // Before making the new one, so that both never need memory together.
            (things.Last!.Value.Thing as IDisposable)?.Dispose();
            things.RemoveLast();
        }
        var thing = make();
        things.AddFirst((key, thing));
        return thing;
    }

    public void Dispose() => Clear();

    public void Clear()
    {
        foreach (var (_, thing) in things)
            (thing as IDisposable)?.Dispose();
        things.Clear();
    }
}
