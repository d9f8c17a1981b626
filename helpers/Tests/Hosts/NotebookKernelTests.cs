using System.Globalization;
using System.Reflection;
using GptEmbeddings.NotebookRunner.Notebook;
using Microsoft.DotNet.Interactive.CSharp;
using Xunit;

namespace GptEmbeddings.Tests;

/// <summary>The notebooks and the helper's package in the engine of Polyglot Notebooks and of Jupyter.</summary>
[Collection(typeof(WholeProcess))]
public sealed class NotebookKernelTests
{
    private const string Packages = "#r \"nuget: TorchSharp-cpu, 0.107.0\"\n#r \"nuget: GptEmbeddings.Helpers, 1.0.0\"";

    private static string Folder { get; } = Path.Combine(Repository.Root, "notebooks");

    [Fact]
    public Task The_first_lessons_show_in_the_kernel_what_is_saved_without_a_warning() =>
        ShowWhatIsSaved(Repository.Lessons.Take(3));

    // Jupyter's is this kernel: where the lessons run in it, the solutions are left.
    [Fact(Skip = Thorough.Reason, SkipUnless = nameof(Thorough.Asked), SkipType = typeof(Thorough))]
    public Task So_does_every_notebook_that_does_not_train_for_long() =>
        ShowWhatIsSaved(Repository.Quick.Where(notebook =>
            !Jupyter.Asked || Thorough.AskedForAll || Repository.Solutions.Contains(notebook)));

    [Theory]
    [InlineData(
        "TorchSharp.torch.nn.Embedding(6, 4)",
        "Embedding(6, 4): 6 rows of width 4, 24 numbers\nParameter containing:\ntensor([[")]
    [InlineData("TorchSharp.torch.nn.Embedding(6, 4).weight", "Parameter containing:\ntensor([[")]
    [InlineData("TorchSharp.torch.arange(3)", "tensor([0, 1, 2])")]
    [InlineData("TorchSharp.torch.nn.Linear(2, 3)", "Linear")]
    public async Task Once_the_package_is_named_a_bare_value_shows_as_PyTorch_prints_it(string code, string text)
    {
        using var kernel = new NotebookKernel(Folder);
        Assert.Empty((await kernel.Run(Packages)).Complaints);
        var run = await kernel.Run(code);
        Assert.Empty(run.Complaints);
        var value = Assert.Single(run.Outputs).Parts;
        Assert.Equal(["text/html", "text/plain"], value.Keys.Order(StringComparer.Ordinal));
        Assert.Contains(text, value["text/plain"], StringComparison.Ordinal);
        Assert.Contains("<pre", value["text/html"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_no_extension_is_run_Begin_registers_the_formatters_and_ends_the_warnings()
    {
        using var kernel = new NotebookKernel(Folder, extensions: false);
        await kernel.Run(Packages);
        Assert.True(await Complains(kernel, "TorchSharp.torch.tensor(1f)", "CS1701"));
        await kernel.Run("GptEmbeddings.Tutorial.Begin();");
        var run = await kernel.Run("TorchSharp.torch.ones(2)");
        Assert.Empty(run.Complaints);
        Assert.Equal("tensor([1., 1.])", Assert.Single(run.Outputs).Parts["text/plain"]);
    }

    // What a cell sets ends with it, as the kernel has it; Polyglot gives the kernel the culture of VS Code.
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Every_later_cell_writes_a_decimal_point_whatever_the_culture_of_the_kernel(bool extensions)
    {
        CultureInfo.CurrentCulture = new("de-DE");
        using var kernel = new NotebookKernel(Folder, extensions);
        await kernel.Run(Packages);
        await kernel.Run("GptEmbeddings.Tutorial.Begin();");
        for (var cell = 0; cell < 2; cell++)
        {
            var run = await kernel.Run("Console.Write($\"{1234567.89:N2} {0.5:P0}\");");
            Assert.Equal("1,234,567.89 50 %", Assert.Single(run.Outputs).Parts.Values.Single());
        }
    }

    [Fact]
    public async Task A_mistake_of_the_reader_is_still_reported()
    {
        using var kernel = new NotebookKernel(Folder);
        await kernel.Run(Packages);
        Assert.True(await Complains(kernel, "TorchSharp.torch.nn.Embeding(6, 4)", "CS0117"));
        Assert.True(await Complains(kernel, "throw new System.Exception(\"mine\");", "mine"));
    }

    [Fact]
    public void A_kernel_that_keeps_its_options_elsewhere_is_left_alone()
    {
        InteractiveKernel.LowerWarningLevel(new object());
        var other = new OtherKernel();
        InteractiveKernel.LowerWarningLevel(other);
        Assert.Equal("its own", other.Options);
        using var derived = new DerivedKernel();
        InteractiveKernel.LowerWarningLevel(derived);
        var options = typeof(CSharpKernel).GetField("_scriptOptions", BindingFlags.Instance | BindingFlags.NonPublic)!
            .GetValue(derived);
        Assert.Equal(1, Assert.IsType<Microsoft.CodeAnalysis.Scripting.ScriptOptions>(options).WarningLevel);
    }

    private static async Task<bool> Complains(NotebookKernel kernel, string code, string about) =>
        (await kernel.Run(code)).Complaints.Any(complaint => complaint.Contains(about, StringComparison.Ordinal));

    private static async Task ShowWhatIsSaved(IEnumerable<NotebookFile> notebooks)
    {
        var problems = new List<string>();
        foreach (var notebook in notebooks)
        {
            using var kernel = new NotebookKernel(Path.GetDirectoryName(notebook.FullPath)!);
            foreach (var cell in notebook.CodeCells)
            {
                var run = await kernel.Run(cell.Source);
                problems.AddRange(run.Complaints.Select(complaint => $"{notebook.Name}, {cell.Label}: {complaint}"));
                problems.AddRange(HostComparison.Differences(cell, run.Outputs));
            }
        }

        Assert.True(problems.Count == 0, string.Join('\n', problems));
    }

    private sealed class OtherKernel
    {
        private readonly string _scriptOptions = "its own";

        public string Options => _scriptOptions;
    }

    private sealed class DerivedKernel() : CSharpKernel("derived");
}
