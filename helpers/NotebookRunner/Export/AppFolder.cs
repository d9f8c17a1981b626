using System.Text;
using System.Xml.Linq;
using GptEmbeddings.NotebookRunner.Notebook;

namespace GptEmbeddings.NotebookRunner.Export;

/// <summary>The folder of exported apps, with the NuGet.Config that finds the helper package.</summary>
internal sealed class AppFolder
{
    /// <summary>Stands in every file that the export wrote: no file of the user's is replaced.</summary>
    public const string Mark = "Written by the export of the notebooks";

    // MSBuild would apply these to the apps, and central package versions forbid the versions that they name.
    private static readonly string[] _foreignSettings =
        ["Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props"];

    private readonly string _folder;
    private readonly Dictionary<NotebookFile, string> _paths;

    /// <summary>Makes ready to write; nothing is written yet.</summary>
    /// <exception cref="RequestException">
    /// Two notebooks would be one file, a file is not the export's own, or settings above would change the apps.
    /// </exception>
    public AppFolder(string folder, IReadOnlyList<NotebookFile> notebooks)
    {
        if (folder.Length == 0) throw new RequestException("--to takes the folder to write the apps to, not \"\".");
        _folder = Path.GetFullPath(folder);
        var above = NotebookPaths.WithAbove(_folder)
            .SelectMany(one => _foreignSettings.Select(name => Path.Combine(one, name)));
        if (above.FirstOrDefault(File.Exists) is { } settings)
            throw new RequestException($"{folder}: {settings} would apply to the apps. Name a folder elsewhere.");
        _paths = notebooks.ToDictionary(notebook => notebook, PathOf);
        foreach (var same in _paths.GroupBy(path => path.Value, path => path.Key.Label).Where(same => same.Count() > 1))
            throw new RequestException(
                $"{string.Join(" and ", same)} would both be written to {same.Key}. Export them to two folders.");
        foreach (var path in _paths.Values.Append(ConfigPath)) RequireOurs(path);
    }

    private string ConfigPath => Path.Combine(_folder, "NuGet.Config");

    /// <summary>Writes an app, and the NuGet.Config beside it. Only what changes is replaced, as a whole.</summary>
    /// <exception cref="RequestException">The folder cannot be written, or holds a file of another's.</exception>
    /// <returns>The path of the app, as seen from the current folder.</returns>
    public string Write(NotebookFile notebook, string source)
    {
        RequestException.Naming(_folder, () =>
        {
            Replace(ConfigPath, Config());
            Replace(_paths[notebook], source);
        });
        return Path.GetRelativePath(Environment.CurrentDirectory, _paths[notebook]);
    }

    // A solution has the name of its lesson, and so a folder of its own.
    private string PathOf(NotebookFile notebook)
    {
        var inRepository = Path.GetRelativePath(NotebookPaths.Lessons, notebook.FullPath);
        var place = inRepository.StartsWith("..", StringComparison.Ordinal) || Path.IsPathRooted(inRepository)
            ? Path.GetFileName(notebook.FullPath)
            : inRepository;
        return Path.Combine(_folder, Path.ChangeExtension(place, ".cs"));
    }

    private string Config()
    {
        var feed = Path.GetRelativePath(_folder, Path.Combine(NotebookPaths.Root, "artifacts", "packages"));
        return new XElement("configuration",
            new XComment($" {Mark}. Adds the folder where the build puts the helper; other sources stay as they are. "),
            new XElement("packageSources",
                new XElement("add", new XAttribute("key", "GptEmbeddings"), new XAttribute("value", feed)))) + "\n";
    }

    // A pipe and a device have no end, and a link may lead to a file of the user's.
    private static void RequireOurs(string path)
    {
        var isLink = new FileInfo(path).LinkTarget is not null;
        if (!isLink && (!Path.Exists(path) || FileStatus.IsRegularFile(path)
            && File.ReadAllText(path).Contains(Mark, StringComparison.Ordinal))) return;
        throw new RequestException(
            $"{path} was not written by this command, and is not replaced. Name another folder.");
    }

    private static void Replace(string path, string text)
    {
        // Compiling took a while.
        RequireOurs(path);
        var content = Encoding.UTF8.GetBytes(text);
        // `dotnet run` builds again what was written again.
        if (File.Exists(path) && File.ReadAllBytes(path).AsSpan().SequenceEqual(content)) return;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        AtomicFile.Replace(path, content);
    }
}
