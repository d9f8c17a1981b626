using System.Collections.Concurrent;
using GptEmbeddings.NotebookRunner.Execution;
using Microsoft.DotNet.Interactive;
using Microsoft.DotNet.Interactive.Commands;
using Microsoft.DotNet.Interactive.CSharp;
using Microsoft.DotNet.Interactive.Events;
using Microsoft.DotNet.Interactive.Formatting;
using Microsoft.DotNet.Interactive.PackageManagement;

namespace GptEmbeddings.Tests;

/// <summary>
/// The engine of Polyglot Notebooks and of Jupyter's kernel .NET (C#) in this process, put together as the program
/// <c>dotnet-interactive</c> does it. It changes the current folder and what the Console writes to.
/// </summary>
/// <remarks>
/// <c>#r "nuget:"</c> is the kernel's own. Assemblies that the tests have loaded already serve the cells too: the
/// helper is the one beside the tests, and libtorch is loaded before the first cell.
/// </remarks>
internal sealed class NotebookKernel : IDisposable
{
    private readonly CompositeKernel _kernel = new() { DefaultKernelName = "csharp" };
    private readonly ConcurrentQueue<PackageAdded> _added = new();
    private readonly IDisposable _watch;
    private readonly KernelHome _home = new();
    private readonly string _formerFolder = Environment.CurrentDirectory;
    private readonly bool _extensions;

    /// <summary>Starts a kernel.</summary>
    /// <param name="folder">The notebook's folder, where NuGet looks for its configuration.</param>
    /// <param name="extensions">Whether the extensions of packages are run, as every editor does.</param>
    public NotebookKernel(string folder, bool extensions = true)
    {
        _extensions = extensions;
        TorchState.WarmUp();
        Environment.CurrentDirectory = folder;
        Formatter.ResetToDefault();
        Formatter.DefaultMimeType = HtmlFormatter.MimeType;
        Formatter.SetPreferredMimeTypesFor(typeof(string), PlainTextFormatter.MimeType);
        _kernel.Add(new CSharpKernel().UseKernelHelpers().UseNugetDirective(AddReferences));
        _watch = _kernel.KernelEvents.Subscribe(happened =>
        {
            if (happened is PackageAdded added) _added.Enqueue(added);
        });
    }

    /// <summary>Runs a cell, and after it the extensions of the packages that it names.</summary>
    public async Task<KernelRun> Run(string code)
    {
        var events = new ConcurrentQueue<KernelEvent>();
        using var _ = _kernel.KernelEvents.Subscribe(events.Enqueue);
        await _kernel.SendAsync(new SubmitCode(code));
        while (_added.TryDequeue(out var added))
            if (_extensions && Extension(added) is { Exists: true } script)
                await _kernel.LoadAndRunInteractiveDocument(script);
        return new([.. events]);
    }

    public void Dispose()
    {
        _watch.Dispose();
        _kernel.Dispose();
        _home.Dispose();
        Formatter.ResetToDefault();
        Environment.CurrentDirectory = _formerFolder;
    }

    private static Task AddReferences(CSharpKernel kernel, IReadOnlyList<ResolvedPackageReference> packages)
    {
        kernel.AddAssemblyReferences(packages.SelectMany(package => package.AssemblyPaths));
        return Task.CompletedTask;
    }

    private static FileInfo Extension(PackageAdded added) =>
        new(Path.Combine(added.PackageReference.PackageRoot, "interactive-extensions", "dotnet", "extension.dib"));
}
