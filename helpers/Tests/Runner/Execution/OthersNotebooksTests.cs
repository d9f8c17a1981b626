using GptEmbeddings.NotebookRunner;
using Xunit;

namespace GptEmbeddings.Tests;

/// <summary>Notebooks as others write them: for a course in C#, for trying out a library, to draw data.</summary>
[Collection<WholeProcess>]
public sealed class OthersNotebooksTests : IDisposable
{
    private static readonly Dictionary<string, (string[] Cells, string[] Shown)> _notebooks = new()
    {
        ["01-strings"] = (
            [
                "string friend = \"Ada\";\nConsole.WriteLine($\"Hello {friend}, of {friend.Length} letters\");",
                "friend = \"  Grace \";\nfriend.Trim().ToUpper().Replace(\"A\", \"4\")",
                "var text = \"\"\"\n#r \"nuget: Not.A.Package, 1.0\"\n  \"quoted\"\n\"\"\";\ntext.Split('\\n').Length",
            ],
            ["Hello Ada, of 3 letters\n", "\nGR4CE\n", "\n2\n"]),
        ["02-numbers"] = (
            [
                "int max = int.MaxValue;\nint what = unchecked(max + 3);\n"
                    + "Console.WriteLine($\"{what} {7 / 2} {7 % 2}\");",
                "double third = 1.0 / 3;\ndecimal exact = 1.0M / 3;\n(third < (double)exact + 1e-15, exact)",
                "Math.PI.ToString(\"N3\") + \" \" + 12.5.ToString(\"C\", new System.Globalization.CultureInfo(\"\"))",
            ],
            ["-2147483646 3 1\n", "0.3333333333333333333333333333", "\n3.142 ¤12.50\n"]),
        ["03-lists-and-loops"] = (
            [
                "var names = new List<string> { \"Ana\", \"Felipe\", \"Emillia\" };",
                "names.Add(\"Bill\");\nnames.Sort();\nforeach (var name in names) Console.WriteLine(name.ToUpper());",
                "var fibonacci = new List<int> { 1, 1 };\nwhile (fibonacci.Count < 20) "
                    + "fibonacci.Add(fibonacci[^1] + fibonacci[^2]);\nfibonacci[19]",
                "names.IndexOf(\"Felipe\")",
            ],
            ["ANA\nBILL\nEMILLIA\nFELIPE\n", "\n6765\n", "\n3\n"]),
        ["04-classes-across-cells"] = (
            [
                "public class Account\n{\n    private static int next = 1000;\n"
                    + "    private readonly List<decimal> all = [];\n"
                    + "    public string Number { get; } = (next++).ToString();\n"
                    + "    public decimal Balance => all.Sum();\n"
                    + "    public virtual void Add(decimal amount)\n    {\n        if (amount == 0) "
                    + "throw new ArgumentOutOfRangeException(nameof(amount), \"Nothing to add\");\n"
                    + "        all.Add(amount);\n    }\n}",
                "public class Gift : Account { public override void Add(decimal amount) => base.Add(2 * amount); }",
                "Account account = new Gift();\naccount.Add(21.5m);\n"
                    + "Console.WriteLine($\"{account.Number}: {account.Balance}\");",
                "try { account.Add(0); }\ncatch (ArgumentOutOfRangeException e) { Console.WriteLine(e.ParamName); }",
                "record Point(int X, int Y);\nvar p = new Point(1, 2);\n(p with { Y = 5 }) is { X: 1, Y: 5 }",
            ],
            ["1000: 43.0\n", "\namount\n", "\nTrue\n"]),
        ["05-linq"] = (
            [
                "int[] scores = [97, 92, 81, 60];",
                "IEnumerable<int> high = from score in scores where score > 80 orderby score select score;",
                "string.Join(\", \", high)",
                "var groups = scores.GroupBy(score => score / 10 * 10).ToDictionary(g => g.Key, g => g.Count());\n"
                    + "groups[90]",
                "scores.Zip(scores.Skip(1), (a, b) => a - b).ToArray()",
            ],
            ["\n81, 92, 97\n", "\n2\n", "\n[ 5, 11, 21 ]\n"]),
        ["06-async"] = (
            [
                "async Task<string> Brew(string what, int wait)\n{\n    await Task.Delay(wait);\n    return what;\n}",
                "var tea = Brew(\"tea\", 20);\nvar cake = Brew(\"cake\", 1);\n"
                    + "string.Join(\" and \", await Task.WhenAll(tea, cake))",
                "async IAsyncEnumerable<int> Count()\n"
                    + "{ for (var i = 0; i < 3; i++) { await Task.Yield(); yield return i; } }",
                "var sum = 0;\nawait foreach (var i in Count()) sum += i;\nsum",
                "var source = new System.Threading.CancellationTokenSource(5);\n"
                    + "try { await Task.Delay(5000, source.Token); } "
                    + "catch (OperationCanceledException e) { Console.WriteLine(e.GetType().Name); }",
            ],
            ["\ntea and cake\n", "\n3\n", "\nTaskCanceledException\n"]),
        ["07-patterns"] = (
            [
                "enum Light { Red, Yellow, Green }\nabstract record Shape;\nrecord Circle(double R) : Shape;\n"
                    + "record Box(double W, double H) : Shape;",
                "double Area(Shape shape) => shape switch\n{\n    Circle { R: 0 } => 0,\n"
                    + "    Circle c => Math.PI * c.R * c.R,\n"
                    + "    Box(var w, var h) when w == h => w * w,\n    Box(var w, var h) => w * h,\n"
                    + "    _ => throw new ArgumentException(\"no shape\"),\n};",
                "$\"{Area(new Circle(1)):F2} {Area(new Box(2, 3))} {(Light)2}\"",
                "int[] row = [1, 2, 3, 4];\nrow is [1, .. var middle, 4] ? middle.Length : -1",
            ],
            ["\n3.14 6 Green\n", "\n2\n"]),
        ["08-guess"] = (
            [
                "Console.WriteLine(\"Your guess?\");\nvar line = Console.ReadLine();",
                "int.TryParse(line, out var guess) ? $\"You said {guess}\" : \"You said nothing\"",
                "// #!about is no directive here\nstring nothing = null;\nnothing",
            ],
            ["Your guess?\n", "\nYou said nothing\n", "\n<null>\n"]),
        ["09-json-and-files"] = (
            [
                "using System.IO;\nusing System.Text.Json;",
                "record Song(string Title, int Seconds);",
                "File.WriteAllText(\"songs.json\",\n"
                    + "    JsonSerializer.Serialize(new[] { new Song(\"A\", 61), new Song(\"B\", 59) }));",
                "var songs = JsonSerializer.Deserialize<Song[]>(File.ReadAllText(\"songs.json\"));\n"
                    + "TimeSpan.FromSeconds(songs.Sum(song => song.Seconds)).ToString()",
                "var reader = new StringReader(\"1;2\\n3;4\");\nstring read;\nvar total = 0;\n"
                    + "while ((read = reader.ReadLine()) != null) \n"
                    + "    total += read.Split(';').Select(int.Parse).Sum();\ntotal",
            ],
            ["\n00:02:00\n", "\n10\n"]),
        ["10-charts"] = (
            [
                "#r \"nuget: XPlot.Plotly, 4.1.0\"\n#r \"nuget: TorchSharp-cpu, 0.107.0\"\n"
                    + "#r \"nuget: GptEmbeddings.Helpers, 1.0.0\"",
                "using XPlot.Plotly;\nGptEmbeddings.Tutorial.Begin();",
                "var months = Enumerable.Range(1, 12);\nvar rain = months.Select(m => 40 + 10 * Math.Sin(m));\n"
                    + "var chart = Chart.Plot(new Scatter { x = months, y = rain, mode = \"lines\" });\n"
                    + "chart.WithTitle(\"Rain\");",
                "chart.Height = 300;\nchart",
                "chart.GetInlineHtml().Contains(\"Rain\")",
            ],
            ["\nTrue\n"]),
    };

    private readonly NotebookFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Ten_notebooks_of_the_kinds_that_others_write_run_and_show_what_they_should()
    {
        foreach (var (name, (cells, _)) in _notebooks) _folder.Write($"{name}.ipynb", cells);
        var result = await NotebookFolder.Run(_folder.FullPath);
        Assert.Equal((Runner.AllWell, ""), (result.ExitCode, result.Errors));
        Assert.All(_notebooks, notebook =>
        {
            var view = result.Output.Split($"/{notebook.Key}.ipynb ──\n")[1].Split("\nok ")[0] + "\n";
            Assert.All(notebook.Value.Shown, shown => Assert.Contains(shown, view, StringComparison.Ordinal));
        });
    }
}
