using GptEmbeddings.NotebookRunner.Execution.Compiling;
using GptEmbeddings.NotebookRunner.Notebook;
using GptEmbeddings.NotebookRunner.Terminal;

namespace GptEmbeddings.NotebookRunner.Export;

/// <summary>Writes notebooks as file-based apps, which <c>dotnet run</c> runs without a notebook host.</summary>
/// <param name="report">Where the paths of what was written go, and messages.</param>
internal sealed class ExportCommand(TerminalReport report)
{
    private static readonly TimeSpan _longestCompilation = TimeSpan.FromMinutes(2);

    /// <summary>Writes the named notebooks; none named means all of the repository.</summary>
    /// <param name="paths">Files and folders.</param>
    /// <param name="folder">The folder for the apps.</param>
    /// <param name="cancellation">Ends the export; files written before stay.</param>
    /// <returns>The exit code, as <see cref="Runner"/> names them.</returns>
    public int Run(IReadOnlyList<string> paths, string folder, CancellationToken cancellation)
    {
        try
        {
            var notebooks = NotebookPaths.Load(paths);
            var apps = new AppFolder(folder, notebooks);
            var compiler = new NotebookCompiler(notebooks);
            var failed = notebooks.Count(notebook => !Write(notebook, compiler, apps, cancellation));
            if (failed == 0) return Runner.AllWell;
            report.Error($"{failed} of {notebooks.Count} not exported");
            return Runner.Failed;
        }
        catch (RequestException problem)
        {
            foreach (var line in problem.Message.Split('\n')) report.Error(line);
            return Runner.WrongRequest;
        }
        catch (OperationCanceledException)
        {
            report.Error("stopped. Files are whole; what was written before stays.");
            return Runner.Stopped;
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            report.Error(problem.Message);
            return Runner.Failed;
        }
    }

    private bool Write(NotebookFile notebook, NotebookCompiler compiler, AppFolder apps, CancellationToken cancellation)
    {
        try
        {
            var scripts = notebook.CodeCells.ToDictionary(
                cell => cell, cell => Compile(cell, compiler, notebook, cancellation));
            report.Written(apps.Write(notebook, AppSource.Of(notebook, scripts)));
            return true;
        }
        catch (ExportException problem)
        {
            report.Error($"{notebook.Label}, {problem.Cell.Label}\n{problem.Message}");
            return false;
        }
    }

    private static CompiledCell Compile(
        NotebookCell cell, NotebookCompiler compiler, NotebookFile notebook, CancellationToken cancellation)
    {
        var compiled = compiler.Next(notebook, _longestCompilation, cancellation)
            ?? throw new ExportException(cell, $"it did not compile within {_longestCompilation.TotalSeconds} s.");
        return compiled.Failure is null ? compiled : throw new ExportException(cell, compiled.Failure);
    }
}
