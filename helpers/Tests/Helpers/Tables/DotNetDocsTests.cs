using System.Xml.Linq;
using Xunit;

namespace GptEmbeddings.Tests;

public sealed class DotNetDocsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("docs-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_texts_are_different_short_and_without_markup()
    {
        var texts = DotNetDocs.Texts();
        Assert.Equal(texts.Count, texts.Distinct().Count());
        Assert.All(texts, text => Assert.InRange(text.Length, 21, 399));
        Assert.All(texts, text => Assert.Equal(string.Join(' ', text.Split((char[]?)null)), text));
        Assert.DoesNotContain(texts, text => text.Contains("cref", StringComparison.Ordinal));
    }

    [Fact]
    public void They_are_the_same_in_the_same_order_on_every_machine()
    {
        var texts = DotNetDocs.Texts();
        Assert.Same(texts, DotNetDocs.Texts());
        Assert.Equal(75915, texts.Count);
        Assert.Equal("Contains factory methods to create dynamic call site binders for CSharp.", texts[0]);
        Assert.Equal("The XML namespace of the mapped object. The default is an empty string (\"\").", texts[^1]);
        Assert.Equal(texts, DotNetDocs.Read(DotNetDocs.Package.Find()));
    }

    [Fact]
    public void A_text_is_what_the_XML_says_with_references_by_their_last_name()
    {
        var members = XDocument.Load(Path.Combine(DotNetDocs.Package.Find(), "System.Collections.xml"))
            .Descendants("summary").Where(summary => !summary.HasElements).Select(summary => summary.Value.Trim());
        Assert.Subset(DotNetDocs.Texts().ToHashSet(), members.Where(text => text.Length is >= 21 and <= 399
            && !text.Contains('\n') && !text.Contains("  ", StringComparison.Ordinal)).ToHashSet());
        Assert.Contains("Gets the number of elements contained in the List.", DotNetDocs.Texts());
        Assert.Contains("Initializes a new instance of the BitArray class that contains bit values copied from the "
            + "specified array of Booleans.", DotNetDocs.Texts());
    }

    [Fact]
    public void A_file_that_is_cut_off_changed_or_missing_is_told_with_the_remedy()
    {
        var docs = Copy();
        var file = Path.Combine(docs, "System.Linq.xml");
        var whole = File.ReadAllBytes(file);

        File.WriteAllBytes(file, whole[..^1000]);
        Damaged(docs);
        whole[5000] ^= 1;
        File.WriteAllBytes(file, whole);
        Damaged(docs);
        File.Delete(file);
        Damaged(docs);
    }

    [Fact]
    public void A_package_that_is_missing_is_told_with_its_folder_and_the_remedy()
    {
        var message = Assert.Throws<FileNotFoundException>(() => DotNetDocs.Package.Find([_folder])).Message;
        Assert.StartsWith($"The package Microsoft.NETCore.App.Ref {DotNetDocs.Package.Version}", message,
            StringComparison.Ordinal);
        Assert.Contains(_folder, message, StringComparison.Ordinal);
        Assert.EndsWith("Build once, which downloads it: dotnet build helpers/GptEmbeddings.Helpers", message,
            StringComparison.Ordinal);
    }

    private static void Damaged(string docs)
    {
        var message = Assert.Throws<InvalidDataException>(() => DotNetDocs.Read(docs)).Message;
        Assert.StartsWith($"{docs} is damaged: ", message, StringComparison.Ordinal);
        Assert.Contains($"Delete the folder {Path.GetFullPath(Path.Combine(docs, "../.."))} and build again", message,
            StringComparison.Ordinal);
    }

    private string Copy()
    {
        var docs = Directory.CreateDirectory(Path.Combine(_folder, "8.0.0/ref/net8.0")).FullName;
        foreach (var file in Directory.GetFiles(DotNetDocs.Package.Find(), "*.xml"))
            File.WriteAllBytes(Path.Combine(docs, Path.GetFileName(file)), File.ReadAllBytes(file));
        return docs;
    }
}
