using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using GptEmbeddings.NotebookRunner.Notebook;

namespace GptEmbeddings.Tests;

/// <summary>The notebooks of the repository, as they are saved.</summary>
internal static partial class Repository
{
    public static string Root { get; } = NotebookPaths.Root;

    public static IReadOnlyList<NotebookFile> Lessons { get; } = Load("notebooks");

    public static IReadOnlyList<NotebookFile> Solutions { get; } = Load("notebooks/solutions");

    /// <summary>The lessons that build on each other; those with higher numbers are side trips.</summary>
    public static IEnumerable<NotebookFile> Road =>
        Lessons.Where(lesson => string.CompareOrdinal(lesson.Name, "07") < 0);

    /// <summary>Lessons, then solutions.</summary>
    public static IEnumerable<NotebookFile> All => Lessons.Concat(Solutions);

    /// <summary>Whether cells of the notebook train a model.</summary>
    public static bool Trains(NotebookFile notebook) => notebook.CodeCells.Any(cell => cell.Varies);

    /// <summary>All notebooks but for the solutions that train, which must be asked for.</summary>
    public static IEnumerable<NotebookFile> LessonsAndQuickSolutions =>
        Lessons.Concat(Solutions.Where(solution => Thorough.AskedForAll || !Trains(solution)));

    /// <summary>Of these, without lessons 6 and 7, which train for long and must be asked for, too.</summary>
    public static IEnumerable<NotebookFile> Quick => LessonsAndQuickSolutions.Where(notebook =>
        Thorough.AskedForAll || !(notebook.Name.StartsWith("06-", StringComparison.Ordinal)
            || notebook.Name.StartsWith("07-", StringComparison.Ordinal)));

    /// <summary>The notebook of this number.</summary>
    public static NotebookFile Lesson(int number) => OfNumber(Lessons, number);

    /// <summary>The worked exercises of the notebook of this number.</summary>
    public static NotebookFile Solution(int number) => OfNumber(Solutions, number);

    /// <summary>The saved text of the one cell whose code contains this.</summary>
    public static string Output(NotebookFile notebook, string code) =>
        Text(notebook.CodeCells.Single(cell => cell.Source.Contains(code, StringComparison.Ordinal)));

    /// <summary>What a cell printed and showed, as plain text.</summary>
    public static string Text(NotebookCell cell) =>
        string.Concat(cell.SavedOutputs.Select(
            output => output.Parts.GetValueOrDefault("text/plain") ?? output.Parts.Values.First()));

    /// <summary>The numbers of one line of the chart of a cell.</summary>
    public static double[] Series(NotebookFile notebook, string code, int line)
    {
        var cell = notebook.CodeCells.Single(cell => cell.Source.Contains(code, StringComparison.Ordinal));
        var html = cell.SavedOutputs.Single().Parts["text/html"];
        var data = JsonNode.Parse(Figure().Match(html).Groups[1].Value)!.AsArray();
        return [.. data[line]!["y"]!.AsArray().Select(number => number!.GetValue<double>())];
    }

    /// <summary>The numbers with four decimals that stand in a drawing, in the order of its file.</summary>
    public static double[] DrawnNumbers(string drawing) =>
    [
        .. DrawnNumber().Matches(File.ReadAllText(Path.Combine(Root, "notebooks", "images", drawing)))
            .Select(match => double.Parse(match.Groups[1].Value.Replace('−', '-'), CultureInfo.InvariantCulture)),
    ];

    [GeneratedRegex("""[{]"data":(\[.*?\]),"layout":""", RegexOptions.Singleline)]
    private static partial Regex Figure();

    [GeneratedRegex(@">(−?\d+\.\d{4})\b[^<]*</text>")]
    private static partial Regex DrawnNumber();

    private static NotebookFile OfNumber(IEnumerable<NotebookFile> notebooks, int number) =>
        notebooks.Single(notebook => notebook.Name.StartsWith($"{number:00}-", StringComparison.Ordinal));

    private static NotebookFile[] Load(string folder) =>
    [
        .. Directory.GetFiles(Path.Combine(Root, folder), "*.ipynb").Order(StringComparer.Ordinal)
            .Select(path => NotebookFile.Load(path, Path.GetFileName(path))),
    ];
}
