using Microsoft.ML.OnnxRuntime;

namespace PerceptionStudy.Synthesis.Hosting;

/// <summary>Work on several things in one run of a device whose memory may not hold them all.</summary>
internal static class BatchHalving
{
    /// <param name="all">What to work on; nothing is done for none.</param>
    /// <param name="run">Works on several at once. After it failed for want of memory it is called for each half.</param>
    /// <param name="release">Gives back what the device holds before a smaller run.</param>
    /// <param name="tooLarge">What to say where even one is too much.</param>
    /// <exception cref="SynthesisException">The device's memory does not hold one.</exception>
    public static void Run<T>(T[] all, Action<T[]> run, Action release, string tooLarge)
    {
        if (all.Length == 0)
            return;
        try
        {
            run(all);
        }
        catch (OnnxRuntimeException e) when (ExecutionProvider.IsOutOfMemory(e))
        {
            release();
            if (all.Length == 1)
                throw new SynthesisException(tooLarge, e);
            Run(all[..(all.Length / 2)], run, release, tooLarge);
            Run(all[(all.Length / 2)..], run, release, tooLarge);
        }
    }
}
