using System.Runtime.InteropServices;

namespace PerceptionStudy.DemoAssets.Networks;

/// <summary>Network inputs, one after the other, and their classes. Values of 0 to 1 are kept in 16 bits, to within 0.00025.</summary>
/// <param name="Labels">Class of each input.</param>
/// <param name="Values">All values, C order.</param>
public sealed record LabelledInputs(byte[] Labels, Half[] Values)
{
    public int Count => Labels.Length;
    public int Size => Values.Length / Count;

    public void Set(int index, int label, ReadOnlySpan<float> values)
    {
        Labels[index] = (byte)label;
        for (var i = 0; i < values.Length; i++) Values[index * Size + i] = (Half)values[i];
    }

    public void CopyTo(int index, Span<float> target)
    {
        var from = Values.AsSpan(index * Size, Size);
        for (var i = 0; i < from.Length; i++) target[i] = (float)from[i];
    }

    public void Write(string path)
    {
        using var file = new BinaryWriter(File.Create(path));
        file.Write(Count);
        file.Write(Size);
        file.Write(Labels);
        file.Write(MemoryMarshal.AsBytes(Values.AsSpan()));
    }

    public static LabelledInputs Read(string path)
    {
        using var file = new BinaryReader(File.OpenRead(path));
        var (count, size) = (file.ReadInt32(), file.ReadInt32());
        var inputs = new LabelledInputs(file.ReadBytes(count), new Half[count * size]);
        file.BaseStream.ReadExactly(MemoryMarshal.AsBytes(inputs.Values.AsSpan()));
        return inputs;
    }
}
