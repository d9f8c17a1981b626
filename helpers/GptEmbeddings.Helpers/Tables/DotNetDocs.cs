using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Xml;

namespace GptEmbeddings;

/// <summary>
/// The documentation of .NET 8 as short English texts: what the reference assemblies say of every member, such as
/// <c>Gets the number of elements contained in the List.</c>
/// </summary>
/// <remarks>
/// The texts are Microsoft's (MIT). They come out of the NuGet package Microsoft.NETCore.App.Ref, which the build of
/// this assembly downloads; none of them is in this one.
/// </remarks>
public static class DotNetDocs
{
    private const int Shortest = 21, Longest = 399;

    // SHA-256 of all files in the order of their names, without gaps: the same for 8.0.28 and 8.0.31.
    private const string Hash = "342987D942AE590F7D54AAF01D65E4F658FA01162023037FD393B91BA731EA42";

    private static readonly Lazy<IReadOnlyList<string>> _texts =
        new(() => Read(Package!.Find()), LazyThreadSafetyMode.PublicationOnly);   // a failure is not remembered

    internal static DownloadedPackage Package { get; } = new(
        "Microsoft.NETCore.App.Ref", DownloadedPackage.Built("DotNetDocsVersion"), "ref/net8.0",
        "the documentation of .NET");

    /// <summary>
    /// Gives 75,915 different texts of 21 to 399 characters, the same in the same order on every machine: of every
    /// member the summary, parameters, result, value and exceptions, in the order of the files' names. A reference to
    /// a type or a member stands as its last name, white space as one space.
    /// </summary>
    /// <remarks>They are read once in a process, in some 0.7 s.</remarks>
    /// <exception cref="FileNotFoundException">
    /// The package is not there. The message names the folders and the remedy.
    /// </exception>
    /// <exception cref="InvalidDataException">
    /// The package is damaged, or another. The message names the folder and the remedy.
    /// </exception>
    public static IReadOnlyList<string> Texts() => _texts.Value;

    internal static IReadOnlyList<string> Read(string folder)
    {
        try
        {
            var files = Directory.GetFiles(folder, "*.xml").Order(StringComparer.Ordinal)
                .Select(File.ReadAllBytes).ToArray();
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            foreach (var file in files) hash.AppendData(file);
            var found = Convert.ToHexString(hash.GetHashAndReset());
            if (found != Hash)
                throw new InvalidDataException($"its XML files have the hash {found[..8]}..., not {Hash[..8]}...");

            var texts = new ConcurrentDictionary<int, List<string>>();
            Parallel.ForEach(files.Select((file, place) => (file, place)).OrderByDescending(one => one.file.Length),
                one => texts[one.place] = [.. TextsOf(one.file)]);
            return [.. Enumerable.Range(0, files.Length).SelectMany(place => texts[place]).Distinct()];
        }
        catch (Exception e) when (e is InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw Package.Damaged(folder, e);
        }
    }

    private static IEnumerable<string> TextsOf(byte[] file)
    {
        using var reader = XmlReader.Create(new MemoryStream(file));
        while (reader.Read())
        {
            if (reader.NodeType != XmlNodeType.Element || reader.Depth != 3) continue;
            if (reader.Name is not ("summary" or "returns" or "param" or "value" or "exception")) continue;
            if (TextOf(reader) is { Length: >= Shortest and <= Longest } text) yield return text;
        }
    }

    private static string TextOf(XmlReader reader)
    {
        if (reader.IsEmptyElement) return "";
        var text = new StringBuilder();
        for (var depth = reader.Depth; reader.Read() && reader.Depth > depth;)
        {
            if (reader.NodeType is XmlNodeType.Text or XmlNodeType.Whitespace or XmlNodeType.SignificantWhitespace)
                text.Append(reader.Value);
            else if (reader.NodeType == XmlNodeType.Element && reader.Name == "para")
                text.Append(' ');
            else if (reader.NodeType == XmlNodeType.Element)
                text.Append(LastName(reader["cref"] ?? reader["name"] ?? reader["langword"] ?? ""));
        }

        return string.Join(' ', text.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    // M:System.Collections.Generic.List`1.Add(`0) is Add; T:System.Func`2 is Func; a constructor is its type.
    private static string LastName(string reference)
    {
        var name = reference.Split('(')[0].Replace(".#ctor", "", StringComparison.Ordinal);
        return name[(name.LastIndexOfAny(['.', ':']) + 1)..].Split('`')[0];
    }
}
