using GptEmbeddings.NotebookRunner.Notebook;
using Xunit;

namespace GptEmbeddings.Tests;

/// <summary>The notebooks as Jupyter runs them, each in a kernel and a process of its own.</summary>
public sealed class JupyterTests(Jupyter jupyter) : IClassFixture<Jupyter>
{
    private const string Reason = $"{Thorough.Reason}; {Jupyter.Missing}";

    public static TheoryData<string> All =>
        [.. Repository.Quick.Where(notebook => Thorough.AskedForAll || Repository.Lessons.Contains(notebook))
            .Append(Repository.Lesson(6)).Distinct()
            .Select(notebook => Path.GetRelativePath(Repository.Root, notebook.FullPath))];

    [Theory(Skip = Reason, SkipUnless = nameof(Jupyter.Asked), SkipType = typeof(Jupyter))]
    [MemberData(nameof(All))]
    public async Task A_notebook_shows_in_Jupyter_what_is_saved(string path)
    {
        var saved = NotebookFile.Load(Path.Combine(Repository.Root, path), path);
        var executed = await jupyter.Execute(saved.FullPath);
        var differences = saved.CodeCells.Zip(executed.CodeCells)
            .SelectMany(pair => HostComparison.Differences(pair.First, pair.Second.SavedOutputs));
        Assert.Equal("", string.Join('\n', differences));
        Assert.Equal(saved.CodeCells.Select(cell => cell.Source), executed.CodeCells.Select(cell => cell.Source));
    }

    [Fact(Skip = Reason, SkipUnless = nameof(Jupyter.Asked), SkipType = typeof(Jupyter))]
    public async Task In_a_new_session_an_embedding_may_be_the_first_line_after_the_packages()
    {
        var outputs = await Outputs(
            "#r \"nuget: TorchSharp-cpu, 0.107.0\"\n#r \"nuget: GptEmbeddings.Helpers, 1.0.0\"",
            "using static TorchSharp.torch;\nnn.Embedding(6, 4)");
        Assert.Contains(
            outputs[0].SelectMany(output => output.Parts.Values),
            text => text.StartsWith("Loading extension script", StringComparison.Ordinal));
        var value = Assert.Single(outputs[1]);
        Assert.StartsWith("Embedding(6, 4)", value.Parts["text/plain"], StringComparison.Ordinal);
    }

    private async Task<List<IReadOnlyList<CellOutput>>> Outputs(params string[] cells)
    {
        // As in the repository: the tools that `dotnet interactive` looks for, and the feed of the helper.
        using var folder = new NotebookFolder();
        File.Copy(Path.Combine(Repository.Root, ".config", "dotnet-tools.json"), folder.PathOf("dotnet-tools.json"));
        var settings = File.ReadAllText(Path.Combine(Repository.Root, "notebooks", "NuGet.Config"))
            .Replace("../artifacts", Path.Combine(Repository.Root, "artifacts"), StringComparison.Ordinal);
        File.WriteAllText(folder.PathOf("NuGet.Config"), settings);
        var executed = await jupyter.Execute(folder.Write("session.ipynb", cells));
        return [.. executed.CodeCells.Select(cell => cell.SavedOutputs)];
    }
}
