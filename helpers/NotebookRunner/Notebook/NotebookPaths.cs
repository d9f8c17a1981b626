using System.Globalization;

namespace GptEmbeddings.NotebookRunner.Notebook;

/// <summary>Finds the notebooks that a request means, and the folders of the repository.</summary>
internal static class NotebookPaths
{
    /// <summary>The folder that holds the solution, above the program or above the current folder.</summary>
    /// <exception cref="RequestException">There is none.</exception>
    public static string Root => WithAbove(AppContext.BaseDirectory).Concat(WithAbove(Environment.CurrentDirectory))
        .FirstOrDefault(IsRoot)
        ?? throw new RequestException("no folder above holds GptEmbeddings.slnx: name the notebooks to run.");

    public static bool IsRoot(string folder) => File.Exists(Path.Combine(folder, "GptEmbeddings.slnx"));

    public static string Lessons => Path.Combine(Root, "notebooks");

    public static string DefaultSite => Path.Combine(Root, "artifacts", "site");

    public static string DefaultApps => Path.Combine(Root, "artifacts", "scripts");

    /// <summary>A folder and those that it lies in.</summary>
    public static IEnumerable<string> WithAbove(string folder)
    {
        for (var current = new DirectoryInfo(folder); current is not null; current = current.Parent)
            yield return current.FullName;
    }

    /// <summary>Reads the named notebooks; none named means all of the repository.</summary>
    /// <param name="paths">Files, folders and numbers: <c>3</c> is the lesson that begins with <c>03-</c>.</param>
    /// <exception cref="RequestException">Lists everything that is wrong with any of them.</exception>
    /// <param name="leaveOut">Told of every notebook that is in a folder and not in C#.</param>
    public static IReadOnlyList<NotebookFile> Load(IReadOnlyList<string> paths, Action<string> leaveOut)
    {
        var problems = new List<string>();
        var notebooks = (paths.Count > 0 ? paths : DefaultFolders())
            .SelectMany(path => (Try(() => Expand(path)) ?? []).Select(file => (File: file, Named: path)))
            .DistinctBy(found => found.File)
            .Select(found => Try(
                () => NotebookFile.Load(found.File, Path.GetRelativePath(Environment.CurrentDirectory, found.File)),
                isInFolder: Directory.Exists(found.Named)))
            .OfType<NotebookFile>().ToList();
        return problems.Count == 0 ? notebooks : throw new RequestException(problems);

        T? Try<T>(Func<T> load, bool isInFolder = false)
            where T : class
        {
            try
            {
                return load();
            }
            catch (OtherLanguageException problem) when (isInFolder)
            {
                leaveOut($"{problem.Message} It is left out.");
                return null;
            }
            catch (RequestException problem)
            {
                problems.Add(problem.Message);
                return null;
            }
        }
    }

    private static string[] Expand(string path)
    {
        if (path.Length == 0) throw new RequestException("an empty path names no notebook.");
        var full = Path.GetFullPath(path);
        if (File.Exists(full)) return [full];
        if (!Directory.Exists(full)) return [OfNumber(path)];
        var files = RequestException.Naming(path, () => NotebooksIn(full));
        return files.Length > 0 ? files : throw new RequestException($"{path}: the folder holds no notebook.");
    }

    private static string OfNumber(string path)
    {
        if (!int.TryParse(path, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            throw new RequestException($"{path}: no such file or folder.");
        var lessons = NotebooksIn(Lessons);
        return Array.Find(lessons, lesson =>
            Path.GetFileName(lesson).StartsWith($"{number:00}-", StringComparison.Ordinal))
            ?? throw new RequestException($"{path}: no notebook has this number. There are "
                + $"{string.Join(", ", lessons.Select(lesson => Path.GetFileName(lesson).Split('-')[0]))}.");
    }

    private static string[] DefaultFolders()
    {
        var solutions = Path.Combine(Lessons, "solutions");
        return Directory.Exists(solutions) && NotebooksIn(solutions).Length > 0 ? [Lessons, solutions] : [Lessons];
    }

    private static string[] NotebooksIn(string folder) =>
        [.. Directory.GetFiles(folder, "*.ipynb").Order(StringComparer.Ordinal)];
}
