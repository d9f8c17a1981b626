using GptEmbeddings.NotebookRunner.Notebook;

namespace GptEmbeddings.Tests;

/// <summary>The notebooks of the repository, as they are saved.</summary>
internal static class Repository
{
    public static string Root { get; } = NotebookPaths.Root;

    public static IReadOnlyList<NotebookFile> Lessons { get; } = Load("notebooks");

    public static IReadOnlyList<NotebookFile> Solutions { get; } = Load("notebooks/solutions");

    /// <summary>The notebook of this number.</summary>
    public static NotebookFile Lesson(int number) => Lessons.Single(lesson => lesson.Name.StartsWith($"{number:00}-", StringComparison.Ordinal));

    /// <summary>The saved text of the one cell whose code contains this.</summary>
    public static string Output(NotebookFile notebook, string code) => Text(notebook.CodeCells.Single(cell => cell.Source.Contains(code, StringComparison.Ordinal)));

    /// <summary>What a cell printed and showed, as plain text.</summary>
    public static string Text(NotebookCell cell) =>
        string.Concat(cell.SavedOutputs.Select(output => output.Parts.GetValueOrDefault("text/plain") ?? output.Parts.Values.First()));

    private static NotebookFile[] Load(string folder) =>
        [.. Directory.GetFiles(Path.Combine(Root, folder), "*.ipynb").Order(StringComparer.Ordinal).Select(path => NotebookFile.Load(path, Path.GetFileName(path)))];
}
