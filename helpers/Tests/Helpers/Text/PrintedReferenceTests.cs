using Xunit;
using static TorchSharp.torch;

namespace GptEmbeddings.Tests;

/// <summary>
/// Compares with what PyTorch 1.13 printed and, where a notation is forced, with the width that it has since 2.9.
/// Data/generate_more_printed_tensors.py made the second file.
/// </summary>
[Collection<WholeProcess>]
public sealed class PrintedReferenceTests
{
    private static readonly Dictionary<string, IReadOnlyList<ReferenceCase>> _files =
        new[] { "printed-tensors.json", "more-printed-tensors.json" }.ToDictionary(file => file, ReferenceCase.Load);

    static PrintedReferenceTests() => TorchRuntime.Load();

    public static IEnumerable<TheoryDataRow<string, int>> Cases =>
        from file in _files
        from index in Enumerable.Range(0, file.Value.Count)
        select new TheoryDataRow<string, int>(file.Key, index) { Label = file.Value[index].Name };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Text_is_what_PyTorch_prints(string file, int index)
    {
        var reference = _files[file][index];
        using var scope = NewDisposeScope();
        set_default_dtype(reference.DefaultDType);
        try
        {
            Assert.Equal(reference.Expected, TensorText.Format(reference.Build(), reference.Options));
        }
        finally
        {
            set_default_dtype(ScalarType.Float32);
        }
    }
}
