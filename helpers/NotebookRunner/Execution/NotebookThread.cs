using System.Collections.Concurrent;

namespace GptEmbeddings.NotebookRunner.Execution;

/// <summary>
/// The thread that runs the cells of one notebook: what libtorch keeps by thread, such as whether gradients are
/// recorded, lasts from cell to cell and ends with the notebook.
/// </summary>
internal sealed class NotebookThread : IDisposable
{
    private static int _working;

    private readonly BlockingCollection<Action> _work = [];

    public NotebookThread() => new Thread(Work) { IsBackground = true }.Start();

    /// <summary>Whether a cell still runs in this process, one that was given up among them.</summary>
    public static bool AnyWorks => Volatile.Read(ref _working) > 0;

    /// <summary>Runs an action on the thread, after those given before.</summary>
    public Task<T> Run<T>(Func<T> action)
    {
        var task = new Task<T>(action);
        _work.Add(() => task.RunSynchronously());
        return task;
    }

    /// <summary>Lets the thread end after its work.</summary>
    public void Dispose() => _work.CompleteAdding();

    private void Work()
    {
        foreach (var work in _work.GetConsumingEnumerable())
        {
            Interlocked.Increment(ref _working);
            work();
            Interlocked.Decrement(ref _working);
        }
    }
}
