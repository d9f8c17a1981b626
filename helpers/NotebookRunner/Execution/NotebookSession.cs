using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using GptEmbeddings.NotebookRunner.Execution.Compiling;
using GptEmbeddings.NotebookRunner.Notebook;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.DotNet.Interactive.Formatting;

namespace GptEmbeddings.NotebookRunner.Execution;

/// <summary>Runs the cells of one notebook, which share their variables with each other and with no other
/// notebook.</summary>
internal sealed class NotebookSession : IDisposable
{
    private const int LongestMessage = 2000;

    private readonly NotebookThread _thread = new();
    private readonly bool _usesTorch;
    private TorchState? _torch;
    private ScriptState<object>? _state;

    /// <summary>Prepares the process for the notebook: its folder is the current one, and settings are the
    /// defaults.</summary>
    public NotebookSession(NotebookFile notebook, bool usesTorch)
    {
        _usesTorch = usesTorch;
        _thread.Run(() => Prepare(Path.GetDirectoryName(notebook.FullPath)!)).GetAwaiter().GetResult();
    }

    /// <summary>Runs the next cell.</summary>
    /// <returns>What came of it.</returns>
    /// <exception cref="OperationCanceledException">The user stopped the run; the cell may still run.</exception>
    public CellRun Run(NotebookCell cell, CompiledCell compiled, TimeSpan timeout, CancellationToken cancellation)
    {
        var run = _thread.Run(() => Execute(cell, compiled));
        if (run.Wait((int)timeout.TotalMilliseconds, cancellation)) return run.Result;
        Hangs = true;
        return new(cell, [], timeout, $"it did not end within {timeout.TotalSeconds} s. Nothing after it was run.");
    }

    /// <summary>Whether a cell did not end in time. It still runs: no thread can be stopped from outside.</summary>
    public bool Hangs { get; private set; }

    /// <summary>Ends the notebook and frees its tensors.</summary>
    public void Dispose()
    {
        _ = _thread.Run(() =>
        {
            _torch?.Dispose();
            return true;
        });
        _thread.Dispose();
    }

    private bool Prepare(string folder)
    {
        CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
        Environment.CurrentDirectory = folder;
        Formatter.ResetToDefault();
        if (_usesTorch) _torch = TorchState.Fresh();
        return true;
    }

    private CellRun Execute(NotebookCell cell, CompiledCell compiled)
    {
        var capture = new OutputCapture();
        var (output, error) = (Console.Out, Console.Error);
        var clock = Stopwatch.StartNew();
        var failure = compiled.Failure;
        CellOutput? result = null;
        try
        {
            Console.SetIn(TextReader.Null);
            Console.SetOut(capture.Out);
            Console.SetError(capture.Error);
            if (compiled.Script is { } script) result = Run(script);
        }
#pragma warning disable CA1031 // Whatever a cell throws is a result of the run.
        catch (Exception problem)
#pragma warning restore CA1031
        {
            failure = Describe(problem, compiled.Script);
        }
        finally
        {
            Console.SetOut(output);
            Console.SetError(error);
        }

        if (capture.Overflowed) failure = $"it prints more than {OutputCapture.Limit:N0} characters.";
        return new(cell, result is null ? capture.Outputs : [.. capture.Outputs, result], clock.Elapsed, failure);
    }

    private CellOutput? Run(Script<object> script)
    {
        var run = _state is null ? script.RunAsync() : script.RunFromAsync(_state);
        _state = run.GetAwaiter().GetResult();
        return HasReturnValue(script) ? Format(_state.ReturnValue) : null;
    }

    private static CellOutput Format(object? value)
    {
        var data = Formatter.GetPreferredMimeTypesFor(value?.GetType())
            .ToDictionary(mime => mime, mime => OutputCapture.Normalize(value.ToDisplayString(mime)));
        var (longest, text) = data.MaxBy(part => part.Value.Length);
        return text.Length <= OutputCapture.Limit
            ? CellOutput.Result(data)
            : throw new CellException($"its value takes {text.Length:N0} characters as {longest}; " +
                $"the most is {OutputCapture.Limit:N0}.");
    }

    private static string Describe(Exception problem, Script? script)
    {
        if (problem is CellException) return problem.Message;
        var causes = new List<string>();
        for (var cause = problem; cause is not null; cause = cause.InnerException)
            causes.Add($"{cause.GetType()}: {MessageOf(cause)}");
        var line = ScriptLine.Of(problem, script);
        var place = line is null ? "" : $"\nat line {line} of the cell";
        var text = string.Join("\ncaused by ", causes);
        return (text.Length <= LongestMessage ? text : text[..LongestMessage] + "…") + place;
    }

    private static string MessageOf(Exception cause)
    {
        try
        {
            return cause.Message;
        }
#pragma warning disable CA1031 // An exception that a cell defines may throw anything here.
        catch (Exception problem)
#pragma warning restore CA1031
        {
            return $"(its Message throws a {problem.GetType()})";
        }
    }

    // What the kernel itself asks: Roslyn offers no public way to tell a null value from none.
    [UnsafeAccessor(UnsafeAccessorKind.Method)]
    private static extern bool HasReturnValue(Script script);
}
