using System.Collections.Concurrent;
using GptEmbeddings.NotebookRunner.Notebook;

namespace GptEmbeddings.NotebookRunner.Execution.Compiling;

/// <summary>Compiles all notebooks, most of the work, on a thread of its own, ahead of the cells that run.</summary>
internal sealed class NotebookCompiler
{
    // Roslyn calls itself for every level of nested code, and an overflow of the stack would end the process.
    private const int StackSize = 256 << 20;

    private readonly Dictionary<NotebookFile, BlockingCollection<CompiledCell>> _compiled;

    public NotebookCompiler(IReadOnlyList<NotebookFile> notebooks)
    {
        _compiled = notebooks.ToDictionary(notebook => notebook, _ => new BlockingCollection<CompiledCell>());
        new Thread(() => CompileAll(notebooks), StackSize) { IsBackground = true }.Start();
    }

    /// <summary>Waits for the notebook's next cell. After one that cannot run, and is not
    /// expected to, there is no next.</summary>
    /// <returns>The cell, or null when it takes longer than the limit. The compiler is still busy with it.</returns>
    public CompiledCell? Next(NotebookFile notebook, TimeSpan limit, CancellationToken cancellation) =>
        _compiled[notebook].TryTake(out var compiled, (int)limit.TotalMilliseconds, cancellation) ? compiled : null;

    private void CompileAll(IReadOnlyList<NotebookFile> notebooks)
    {
        foreach (var notebook in notebooks)
        {
            var compiler = new CellCompiler();
            foreach (var cell in notebook.CodeCells)
            {
                var compiled = compiler.Compile(cell);
                _compiled[notebook].Add(compiled);
                if (compiled.Failure is not null && !cell.MayRaise) break;
            }
        }
    }
}
