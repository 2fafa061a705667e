using System.Text;
using PerceptionStudy.Synthesis.Hosting;
using PerceptionStudy.Synthesis.Media;

namespace PerceptionStudy.Synthesis.Tests.Media;

public sealed class NpyFileTests : IDisposable
{
    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData(new long[] { 1, 3, 2, 2 })]
    [InlineData(new long[] { 12 })]
    [InlineData(new long[] { 0, 5 })]
    public void A_tensor_survives(long[] shape)
    {
        var values = Enumerable.Range(0, (int)shape.Aggregate(1L, (a, b) => a * b)).Select(i => i / 3f).ToArray();
        NpyFile.Write(folder["t.npy"], shape, values);
        var (readShape, read) = NpyFile.Read(folder["t.npy"]);
        Assert.Equal(shape, readShape);
        Assert.Equal(values, read);
        Assert.Equal(0, (new FileInfo(folder["t.npy"]).Length - 4 * values.Length) % 64);
    }

    [Fact]
    public void A_file_as_numpy_writes_it_is_read()
    {
        var header = "{'descr': '<f4', 'fortran_order': False, 'shape': (2, 1), }".PadRight(117) + "\n";
        File.WriteAllBytes(folder["n.npy"], [0x93, .. "NUMPY"u8, 1, 0, 118, 0, .. Encoding.ASCII.GetBytes(header), 0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0]);
        var (shape, values) = NpyFile.Read(folder["n.npy"]);
        Assert.Equal([2, 1], shape);
        Assert.Equal([1f, -2f], values);
    }

    [Theory]
    [InlineData("'<f8'", "False", "its values are of type <f8; save them as float32")]
    [InlineData("'<f4'", "True", "it is in Fortran order; save numpy.ascontiguousarray of it")]
    [InlineData("'<f4'", "False", "its shape [2,1] wants 8 bytes, it holds 4")]
    public void What_does_not_fit_is_explained(string type, string fortran, string why)
    {
        var header = $"{{'descr': {type}, 'fortran_order': {fortran}, 'shape': (2, 1), }}".PadRight(117) + "\n";
        File.WriteAllBytes(folder["x.npy"], [0x93, .. "NUMPY"u8, 1, 0, 118, 0, .. Encoding.ASCII.GetBytes(header), 0, 0, 0x80, 0x3f]);
        Assert.Equal($"x.npy is not a tensor that can be read: {why}.", Assert.Throws<SynthesisException>(() => NpyFile.Read(folder["x.npy"])).Message);
    }
}
