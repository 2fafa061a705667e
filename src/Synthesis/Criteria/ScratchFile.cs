using PerceptionStudy.Synthesis.Hosting;
using Microsoft.Win32.SafeHandles;

namespace PerceptionStudy.Synthesis.Criteria;

/// <summary>A file for what does not fit into memory. It has no name that anyone could find, and is gone with its process, however that ends.</summary>
internal sealed class ScratchFile : IDisposable
{
    private readonly SafeFileHandle handle;

    /// <param name="bytes">Its size; the space is taken at once, so that the disk cannot run full in the middle.</param>
    /// <exception cref="SynthesisException">The disk has not so much room.</exception>
    public ScratchFile(long bytes)
    {
        var path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        try
        {
            handle = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, FileOptions.DeleteOnClose, bytes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            File.Delete(path);
            throw new SynthesisException($"The measurement needs {bytes / 1e9:0.0} GB for a while in the folder {Path.GetTempPath()}: {e.Message} Make room there, or set TMPDIR to another folder.", e);
        }
        // Elsewhere the system itself removes it when the process ends; on Unix a removed file lives as long as it is open.
        if (!OperatingSystem.IsWindows())
            File.Delete(path);
    }

    public void Write(long offset, ReadOnlySpan<byte> bytes) => RandomAccess.Write(handle, bytes, offset);

    /// <summary>Fills the whole span.</summary>
    public void Read(long offset, Span<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            var read = RandomAccess.Read(handle, bytes, offset);
            if (read == 0)
                throw new EndOfStreamException();
            bytes = bytes[read..];
            offset += read;
        }
    }

    public void Dispose() => handle.Dispose();
}
