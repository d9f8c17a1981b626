using System.Collections.Concurrent;

namespace GptEmbeddings.NotebookRunner;

/// <summary>
/// Compiles the cells of all notebooks on a thread of its own, ahead of the cells that run: Roslyn takes most of the time.
/// </summary>
internal sealed class NotebookCompiler
{
    private readonly IReadOnlyList<Notebook> _notebooks;
    private readonly Dictionary<Notebook, BlockingCollection<CompiledCell>> _compiled;

    /// <summary>Starts to compile.</summary>
    public NotebookCompiler(IReadOnlyList<Notebook> notebooks)
    {
        _notebooks = notebooks;
        _compiled = notebooks.ToDictionary(notebook => notebook, _ => new BlockingCollection<CompiledCell>());
        new Thread(CompileAll) { IsBackground = true }.Start();
    }

    /// <summary>Waits for the notebook's next cell. After one that cannot run there is no next.</summary>
    public CompiledCell Next(Notebook notebook, CancellationToken cancellation) => _compiled[notebook].Take(cancellation);

    private void CompileAll()
    {
        foreach (var notebook in _notebooks)
        {
            var compiler = new CellCompiler();
            foreach (var cell in notebook.CodeCells)
            {
                var compiled = compiler.Compile(cell);
                _compiled[notebook].Add(compiled);
                if (compiled.Failure is not null) break;
            }
        }
    }
}
