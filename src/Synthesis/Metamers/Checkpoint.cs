using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using PerceptionStudy.Synthesis.Hosting;
using PerceptionStudy.Synthesis.Media;

namespace PerceptionStudy.Synthesis.Metamers;

/// <summary>
/// The whole state of a synthesis between two steps: going on from it gives the same bytes as never having stopped.
/// The file is a magic number, a JSON header, the tensors as float32, and a hash of all that.
/// </summary>
/// <param name="Of">Hash of everything that decides the result (model, pipeline, picture, stage, preset, steps, seed, provider).</param>
/// <param name="Step">Gradient evaluations done since the last start.</param>
/// <param name="Restarts">Starts that broke down before.</param>
/// <param name="Seconds">Time taken so far.</param>
/// <param name="Curve">The loss curve so far.</param>
/// <param name="Control">What the preset's <see cref="StepControl"/> remembers.</param>
/// <param name="State">The tensors of <see cref="MetamerPreset.StateRows"/> for one picture.</param>
public sealed record Checkpoint(string Of, int Step, int Restarts, double Seconds, IReadOnlyList<LossPoint> Curve, double[] Control, float[][] State)
{
    private static readonly byte[] Magic = [.. "PSMETAM2"u8];

    /// <summary>Writes the file; an earlier one stays whole until this one is.</summary>
    public void Write(string path)
    {
        var header = JsonSerializer.SerializeToUtf8Bytes(new Header(Of, Step, Restarts, Seconds, [.. Curve], Control, [.. State.Select(s => s.Length)]), HostProtocol.Lines);
        var bytes = new byte[Magic.Length + 4 + header.Length + 4 * State.Sum(s => s.Length) + 32];
        Magic.CopyTo(bytes, 0);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(Magic.Length), header.Length);
        var at = Magic.Length + 4;
        header.CopyTo(bytes, at);
        at += header.Length;
        foreach (var tensor in State)
        {
            MemoryMarshal.AsBytes<float>(tensor).CopyTo(bytes.AsSpan(at));
            at += 4 * tensor.Length;
        }
        SHA256.HashData(bytes.AsSpan(0, at), bytes.AsSpan(at));
        WholeFile.Write(path, bytes);
    }

    /// <summary>Reads a file that <see cref="Write"/> wrote.</summary>
    /// <param name="path">The file.</param>
    /// <param name="of">Hash of what is to be gone on with.</param>
    /// <exception cref="SynthesisException">It is damaged, or belongs to another synthesis.</exception>
    public static Checkpoint Read(string path, string of)
    {
        var bytes = File.ReadAllBytes(path);
        var end = bytes.Length - 32;
        if (end < Magic.Length + 4 || !bytes.AsSpan(0, Magic.Length).SequenceEqual(Magic) || !SHA256.HashData(bytes.AsSpan(0, end)).AsSpan().SequenceEqual(bytes.AsSpan(end)))
            throw new SynthesisException($"{path} is not a whole checkpoint of a synthesis; delete it to start from the beginning.");
        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes.AsSpan(Magic.Length));
        var at = Magic.Length + 4;
        var header = JsonSerializer.Deserialize<Header>(bytes.AsSpan(at, length), HostProtocol.Lines)!;
        if (header.Of != of)
            throw new SynthesisException($"{path} belongs to a synthesis with another model, picture, stage or setting; delete it to start from the beginning.");
        at += length;
        var state = new float[header.Tensors.Length][];
        for (var i = 0; i < state.Length; i++)
        {
            state[i] = MemoryMarshal.Cast<byte, float>(bytes.AsSpan(at, 4 * header.Tensors[i])).ToArray();
            at += 4 * header.Tensors[i];
        }
        return new(header.Of, header.Step, header.Restarts, header.Seconds, header.Curve, header.Control, state);
    }

    private sealed record Header(string Of, int Step, int Restarts, double Seconds, LossPoint[] Curve, double[] Control, int[] Tensors);
}
