using GptEmbeddings.NotebookRunner.Execution.Compiling;
using GptEmbeddings.NotebookRunner.Notebook;
using GptEmbeddings.NotebookRunner.Terminal;

namespace GptEmbeddings.NotebookRunner.Export;

/// <summary>Writes notebooks as file-based apps, which <c>dotnet run</c> runs without a notebook host.</summary>
/// <param name="report">Where the paths of what was written go, and messages.</param>
internal sealed class ExportCommand(TerminalReport report)
{
    private static readonly TimeSpan _longestCompilation = TimeSpan.FromMinutes(2);

    /// <summary>Writes the named notebooks; none named means all of the repository. Files written before it is
    /// canceled stay.</summary>
    /// <returns>The exit code, as <see cref="Runner"/> names them.</returns>
    /// <exception cref="RequestException">Nothing was written: the request is wrong.</exception>
    public int Run(IReadOnlyList<string> paths, string folder, CancellationToken cancellation)
    {
        var leftOut = 0;
        var notebooks = NotebookPaths.Load(paths, problem =>
        {
            report.Error(problem);
            leftOut++;
        });
        var apps = RequestException.Naming(folder, () => new AppFolder(folder, notebooks));
        var compiler = new NotebookCompiler(notebooks);
        var failed = leftOut + notebooks.Count(notebook => !Write(notebook, compiler, apps, cancellation));
        if (failed == 0) return Runner.AllWell;
        report.Error($"{failed} of {notebooks.Count + leftOut} not exported");
        return Runner.Failed;
    }

    private bool Write(NotebookFile notebook, NotebookCompiler compiler, AppFolder apps, CancellationToken cancellation)
    {
        try
        {
            var cells = notebook.CodeCells.Select(Compile).OfType<ScriptCell>().ToList();
            report.Written(apps.Write(notebook, AppSource.Of(notebook, cells)));
            return true;
        }
        catch (ExportException problem)
        {
            report.Error($"{notebook.Label}{(problem.Cell is { } cell ? $", {cell.Label}" : "")}\n{problem.Message}");
            return false;
        }

        ScriptCell? Compile(NotebookCell cell)
        {
            if (cell.MayRaise)
                throw new ExportException(cell, "its tag raises-exception says that it fails, which would end the app. "
                    + "Catch the exception in the cell.");
            var compiled = compiler.Next(notebook, _longestCompilation, cancellation)
                ?? throw new ExportException(cell, $"it did not compile within {_longestCompilation.TotalSeconds} s.");
            if (compiled.Failure is { } failure) throw new ExportException(cell, failure);
            return compiled.Script?.GetCompilation() is { } code
                ? new(cell, code.GetSemanticModel(code.SyntaxTrees.Single())) : null;
        }
    }
}
