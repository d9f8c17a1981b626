using System.Globalization;

namespace GptEmbeddings.NotebookRunner.Notebook;

/// <summary>Finds the notebooks that a request means.</summary>
internal static class NotebookPaths
{
    /// <summary>Reads the named notebooks; none named means all of the repository.</summary>
    /// <param name="paths">Files, folders and numbers: <c>3</c> is the lesson that begins with <c>03-</c>.</param>
    /// <exception cref="RequestException">Lists everything that is wrong with any of them.</exception>
    public static IReadOnlyList<NotebookFile> Load(IReadOnlyList<string> paths)
    {
        var notebooks = new List<NotebookFile>();
        var problems = new List<string>();
        foreach (var path in paths.Count > 0 ? paths : DefaultFolders())
            Collect(() =>
            {
                foreach (var file in Expand(path).Where(file => notebooks.All(known => known.FullPath != file)))
                    Collect(() => notebooks.Add(
                        NotebookFile.Load(file, Path.GetRelativePath(Environment.CurrentDirectory, file))));
            });

        return problems.Count == 0 ? notebooks : throw new RequestException(string.Join('\n', problems));

        void Collect(Action load)
        {
            try
            {
                load();
            }
            catch (RequestException problem)
            {
                problems.Add(problem.Message);
            }
        }
    }

    private static List<string> Expand(string path)
    {
        if (path.Length == 0) throw new RequestException("an empty path names no notebook.");
        var full = Path.GetFullPath(path);
        if (File.Exists(full)) return [full];
        if (!Directory.Exists(full)) return [OfNumber(path)];
        try
        {
            var files = Directory.GetFiles(full, "*.ipynb").Order(StringComparer.Ordinal).ToList();
            return files.Count > 0 ? files : throw new RequestException($"{path}: the folder holds no notebook.");
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new RequestException($"{path}: {problem.Message}");
        }
    }

    private static string OfNumber(string path)
    {
        if (!int.TryParse(path, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            throw new RequestException($"{path}: no such file or folder.");
        var lessons = Directory.GetFiles(Path.Combine(Root, "notebooks"), "*.ipynb").Order(StringComparer.Ordinal);
        return lessons.FirstOrDefault(lesson =>
            Path.GetFileName(lesson).StartsWith($"{number:00}-", StringComparison.Ordinal))
            ?? throw new RequestException($"{path}: no notebook has this number. There are "
                + $"{string.Join(", ", lessons.Select(lesson => Path.GetFileName(lesson).Split('-')[0]))}.");
    }

    /// <summary>The folder where the pages of all notebooks lie.</summary>
    public static string DefaultSite => Path.Combine(Root, "artifacts", "site");

    /// <summary>The folder where exported notebooks lie.</summary>
    public static string DefaultApps => Path.Combine(Root, "artifacts", "scripts");

    /// <summary>The folder that holds the solution, above the program or above the current folder.</summary>
    /// <exception cref="RequestException">There is none.</exception>
    public static string Root => Ancestors(AppContext.BaseDirectory).Concat(Ancestors(Environment.CurrentDirectory))
        .FirstOrDefault(folder => File.Exists(Path.Combine(folder, "GptEmbeddings.slnx")))
        ?? throw new RequestException("no folder above holds GptEmbeddings.slnx: name the notebooks to run.");

    private static IReadOnlyList<string> DefaultFolders()
    {
        var notebooks = Path.Combine(Root, "notebooks");
        var solutions = Path.Combine(notebooks, "solutions");
        return Directory.Exists(solutions) && Directory.GetFiles(solutions, "*.ipynb").Length > 0
            ? [notebooks, solutions]
            : [notebooks];
    }

    private static IEnumerable<string> Ancestors(string folder)
    {
        for (var current = new DirectoryInfo(folder); current is not null; current = current.Parent)
            yield return current.FullName;
    }
}
