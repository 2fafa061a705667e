using System.Globalization;
using Google.Protobuf;
using PerceptionStudy.Synthesis.Graphs.Format;

namespace PerceptionStudy.Synthesis.Graphs;

/// <summary>Weights that a model keeps in files beside its own are taken into the model, so that one object holds it all.</summary>
internal static class ExternalWeights
{
    /// <returns>What was read, tensor by tensor.</returns>
    /// <exception cref="ModelFormatException">A file is missing, too short, or not beside the model.</exception>
    public static IReadOnlyList<ByteString> Read(ModelProto model, string folder)
    {
        var read = new List<ByteString>();
        foreach (var tensor in Subgraphs.Constants(model).Where(t => t.DataLocation == TensorProto.Types.DataLocation.External))
        {
            var location = Entry(tensor, "location") ?? "";
            // Only a plain name beside the model: an uploaded file must not read elsewhere on the machine.
            if (location.Length == 0 || Path.GetFileName(location) != location)
                throw new ModelFormatException($"The weights of {tensor.Name} are kept in \"{location}\"; put them into the model file itself or into a file beside it.");
            var path = Path.Combine(folder, location);
            using var file = Open(path) ?? throw new ModelFormatException($"The weights of {tensor.Name} are kept in {location}, which is missing; export the model into one file.");
            var offset = Number(tensor, "offset") ?? 0;
            var length = Number(tensor, "length") ?? file.Length - offset;
            if (length > int.MaxValue)
                throw new ModelFormatException($"The weights of {tensor.Name} take {length} bytes, more than 2 GB; the model is too large to be used here.");
            if (offset < 0 || length < 0 || offset > file.Length - length)
                throw new ModelFormatException($"{location} is too short for the weights of {tensor.Name}; export the model again.");
            file.Position = offset;
            var bytes = new byte[length];
            file.ReadExactly(bytes);
            tensor.RawData = ByteString.CopyFrom(bytes);
            tensor.ExternalData.Clear();
            tensor.DataLocation = TensorProto.Types.DataLocation.Default;
            read.Add(tensor.RawData);
        }
        return read;
    }

    // A link may be there and lead to what is not there, or not to be reached.
    private static FileStream? Open(string path)
    {
        try
        {
            return File.OpenRead(path);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private static string? Entry(TensorProto tensor, string key) => tensor.ExternalData.LastOrDefault(e => e.Key == key)?.Value;

    private static long? Number(TensorProto tensor, string key) => Entry(tensor, key) is not { } text ? null
        : long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var number) ? number
        : throw new ModelFormatException($"The weights of {tensor.Name} have the {key} \"{text}\", which is no number; export the model again.");
}
