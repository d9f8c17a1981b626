using System.Reflection.Metadata;

namespace GptEmbeddings;

/// <summary>
/// Finds a table in a model's ONNX file without reading the rest. Such a file is a message of Protocol Buffers: fields,
/// each with a number, a kind and a value, which may be a message again. The numbers are those of onnx.proto
/// (github.com/onnx/onnx).
/// </summary>
/// <param name="file">The file, read as a BlobReader of which every use is a copy.</param>
internal readonly struct OnnxModel(BlobReader file)
{
    private const int ModelGraph = 7, GraphInitializer = 5;
    private const int TensorDimension = 1, TensorType = 2, TensorName = 8, TensorData = 9;
    private const int Float32 = 1;

    // The kinds of a field.
    private const int VarInt = 0, EightBytes = 1, Counted = 2, FourBytes = 5;

    /// <summary>Gives the shape of a table, and where its numbers lie in the file.</summary>
    /// <exception cref="InvalidDataException">The file has no such table of float32, or is no ONNX file.</exception>
    public (long[] Shape, int Start, int Length) FindTable(string name)
    {
        foreach (var graph in Fields(0, file.Length).Where(field => field.Number == ModelGraph))
            foreach (var tensor in Fields(graph.Start, graph.Length).Where(field => field.Number == GraphInitializer))
            {
                var fields = Fields(tensor.Start, tensor.Length).ToLookup(field => field.Number);
                if (Text(fields[TensorName].FirstOrDefault()) != name) continue;

                long[] shape = [.. fields[TensorDimension].SelectMany(Integers)];
                var (type, data) = (fields[TensorType].FirstOrDefault().Value, fields[TensorData].FirstOrDefault());
                var bytes = shape.Aggregate((long)sizeof(float), (product, size) => product * size);
                if (type == Float32 && data.Length == bytes)
                    return (shape, data.Start, data.Length);
                throw new InvalidDataException($"its table {name} is not float32, or not whole");
            }

        throw new InvalidDataException($"its model has no table {name}");
    }

    private IEnumerable<Field> Fields(int start, int length)
    {
        var reader = At(start);
        while (reader.Offset < start + length)
        {
            var key = Integer(ref reader);
            var kind = (int)(key & 7);
            var value = kind is VarInt or Counted ? Integer(ref reader) : 0;
            var begin = reader.Offset;
            var size = kind switch { VarInt => 0, EightBytes => 8, FourBytes => 4, Counted => value, _ => -1 };
            if (size < 0 || size > start + length - begin)
                throw new InvalidDataException("its model is not an ONNX file, or not whole");
            yield return new((int)(key >> 3), value, begin, (int)size);
            reader.Offset = begin + (int)size;
        }
    }

    // A repeated integer is a field each, or all are packed into one.
    private IEnumerable<long> Integers(Field field)
    {
        if (field.Length == 0) yield return field.Value;
        for (var reader = At(field.Start); reader.Offset < field.Start + field.Length;)
            yield return Integer(ref reader);
    }

    // Seven bits a byte, the lowest first; the eighth bit says that more follow.
    private static long Integer(ref BlobReader reader)
    {
        for (var (value, shift) = (0L, 0); ; shift += 7)
        {
            var part = reader.ReadByte();
            value |= (part & 0x7FL) << shift;
            if (part < 0x80) return value;
        }
    }

    private string Text(Field field) => At(field.Start).ReadUTF8(field.Length);

    private BlobReader At(int offset)
    {
        var reader = file;
        reader.Offset = offset;
        return reader;
    }

    private readonly record struct Field(int Number, long Value, int Start, int Length);
}
