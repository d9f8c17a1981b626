using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using GptEmbeddings.NotebookRunner.Execution.Compiling;
using GptEmbeddings.NotebookRunner.Notebook;
using Microsoft.CodeAnalysis.Scripting;
using Microsoft.DotNet.Interactive.Formatting;

namespace GptEmbeddings.NotebookRunner.Execution;

/// <summary>Runs the cells of one notebook, which share their variables with each other and no others.</summary>
internal sealed class NotebookSession : IDisposable
{
    private const int LongestMessage = 2000;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(0.5), _glance = TimeSpan.FromSeconds(0.1);

    // Starting Roslyn takes a while on a slow machine, whatever the cell.
    private static readonly TimeSpan _leastForCompiling = TimeSpan.FromSeconds(10);

    private readonly NotebookFile _notebook;
    private readonly NotebookCompiler _compiler;
    private readonly NotebookThread _thread = new();
    private readonly ProcessState _process = new();
    private readonly IDisposable? _torch;
    private ScriptState<object>? _state;

    /// <summary>Prepares the process: the notebook's folder is the current one, settings are the defaults.</summary>
    public NotebookSession(NotebookFile notebook, NotebookCompiler compiler, bool usesTorch)
    {
        (_notebook, _compiler) = (notebook, compiler);
        _torch = _thread.Run(() =>
        {
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.InvariantCulture;
            Environment.CurrentDirectory = Path.GetDirectoryName(notebook.FullPath)!;
            Formatter.ResetToDefault();
            return usesTorch ? TorchState.Fresh() : null;
        }).GetAwaiter().GetResult();
    }

    /// <summary>Whether a cell was given up. It still works: no thread can be stopped from outside.</summary>
    public bool Hangs { get; private set; }

    /// <summary>The notebook, as messages name it.</summary>
    public string Label => _notebook.Label;

    /// <summary>What the notebook prints.</summary>
    public OutputCapture Capture { get; } = new();

    /// <summary>Runs the next cell, and tells from time to time that it still runs.</summary>
    /// <exception cref="OperationCanceledException">The user stopped the run; the cell may still run.</exception>
    public CellRun Run(NotebookCell cell, TimeSpan timeout, Action stillRuns, CancellationToken cancellation)
    {
        var limit = timeout > _leastForCompiling ? timeout : _leastForCompiling;
        if (_compiler.Next(_notebook, limit, cancellation) is not { } compiled) return GivenUp("compile", limit);
        var run = _thread.Run(() => Execute(cell, compiled));
        for (var clock = Stopwatch.StartNew(); !run.Wait((int)_glance.TotalMilliseconds, cancellation); stillRuns())
            if (clock.Elapsed >= timeout) return GivenUp("end", timeout);
        return run.Result;

        CellRun GivenUp(string verb, TimeSpan after)
        {
            Hangs = true;
            return new(cell, Capture.Take(), after,
                $"it did not {verb} within {after.TotalSeconds} s. Nothing after it was run.");
        }
    }

    /// <summary>Ends the notebook, frees its tensors, and puts back what it set.</summary>
    public void Dispose()
    {
        _ = _thread.Run(() =>
        {
            _torch?.Dispose();
            return true;
        });
        _thread.Dispose();
        Capture.Close(Hangs ? TimeSpan.Zero : _patience);
        _process.Dispose();
    }

    private CellRun Execute(NotebookCell cell, CompiledCell compiled)
    {
        var clock = Stopwatch.StartNew();
        var failure = compiled.Failure;
        CellOutput? result = null;
        Capture.Enter();
        try
        {
            if (compiled.Script is { } script) result = Run(script);
        }
#pragma warning disable CA1031 // Whatever a cell throws is a result of the run.
        catch (Exception problem)
#pragma warning restore CA1031
        {
            failure = Describe(problem, compiled.Script);
        }

        if (failure is not null && cell.MayRaise) (result, failure) = (CellOutput.Error(failure), null);
        if (Capture.Overflowed) failure = $"it prints more than {OutputCapture.Limit:N0} characters.";
        var printed = Capture.Take();
        return new(cell, result is null ? printed : [.. printed, result], clock.Elapsed, failure);
    }

    private CellOutput? Run(Script<object> script)
    {
        // What a cell that fails has set is there for the next, which goes on from its state.
        var run = _state is null ? script.RunAsync(null, _ => true) : script.RunFromAsync(_state, _ => true);
        _state = run.GetAwaiter().GetResult();
        if (_state.Exception is { } problem) ExceptionDispatchInfo.Throw(problem);
        return HasReturnValue(script) ? Format(_state.ReturnValue) : null;
    }

    private static CellOutput Format(object? value)
    {
        var data = Formatter.GetPreferredMimeTypesFor(value?.GetType())
            .ToDictionary(mime => mime, mime => OutputCapture.Normalize(value.ToDisplayString(mime)));
        foreach (var (mime, text) in data)
            if (text.Length > OutputCapture.Most(mime))
                throw new CellException($"its value takes {text.Length:N0} characters as {mime}; " +
                    $"the most is {OutputCapture.Most(mime):N0}.");
        return CellOutput.Result(data);
    }

    /// <summary>What is told of an exception, and of where in the cell, if it is known, it was thrown.</summary>
    public static string Describe(Exception problem, Script? script = null)
    {
        if (problem is CellException) return problem.Message;
        var causes = new List<string>();
        for (var cause = problem; cause is not null; cause = cause.InnerException)
            causes.Add($"{cause.GetType()}: {MessageOf(cause)}");
        var line = script is null ? null : ScriptLine.Of(problem, script);
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
