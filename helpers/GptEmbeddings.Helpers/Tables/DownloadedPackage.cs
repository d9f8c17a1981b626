using System.Reflection;
using FilePath = System.IO.Path;

namespace GptEmbeddings;

/// <summary>
/// A NuGet package that the build of this assembly downloads for what lies in it. None of its code is loaded.
/// </summary>
/// <param name="Name">The package's name.</param>
/// <param name="Version">The version that this assembly was built with.</param>
/// <param name="Path">The file or folder in the package that is read, with / between its parts.</param>
/// <param name="Holds">What it is for, in words.</param>
internal sealed record DownloadedPackage(string Name, string Version, string Path, string Holds)
{
    private const string Remedy = "which downloads it: dotnet build helpers/GptEmbeddings.Helpers";

    // The folders of packages, in the order in which they are looked through.
    private static IEnumerable<string> Roots =>
        new[]
        {
            Built("NuGetPackageRoot"),
            Environment.GetEnvironmentVariable("NUGET_PACKAGES"),
            FilePath.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages"),
        }
        .Where(root => !string.IsNullOrWhiteSpace(root))
        .Select(root => FilePath.TrimEndingDirectorySeparator(FilePath.GetFullPath(root!))).Distinct();

    /// <summary>What the build wrote down under a key.</summary>
    public static string Built(string key) =>
        typeof(DownloadedPackage).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .FirstOrDefault(built => built.Key == key)?.Value ?? "";

    /// <summary>Finds what is read of the package in NuGet's folders.</summary>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    public string Find() => Find([.. Roots]);

    internal string Find(IReadOnlyList<string> roots)
    {
        var id = Name.ToLowerInvariant();
        var within = FilePath.Combine(id, Version, Path);
        var found = roots.Select(root => FilePath.Combine(root, within)).FirstOrDefault(FilePath.Exists);
        if (found is not null) return found;

        var others = roots.Select(root => FilePath.Combine(root, id)).Where(Directory.Exists)
            .SelectMany(Directory.GetDirectories).Select(folder => FilePath.GetFileName(folder)!).ToArray();
        var otherVersions = others.Length > 0 ? $"; version {string.Join(", ", others)} is there" : "";
        throw new FileNotFoundException(
            $"The package {Name} {Version}, which holds {Holds}, was not found in "
            + $"{string.Join(" nor in ", roots)}{otherVersions}.{Environment.NewLine}Build once, {Remedy}",
            within);
    }

    /// <summary>What to throw for a file or folder of the package that is not as it was.</summary>
    public InvalidDataException Damaged(string found, Exception cause)
    {
        var folder = Path.Split('/').Aggregate(found, (inner, _) => FilePath.GetDirectoryName(inner)!);
        return new(
            $"{found} is damaged: {cause.Message.TrimEnd('.')}.{Environment.NewLine}"
            + $"Delete the folder {folder} and build again, {Remedy}",
            cause);
    }
}
