using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using TorchSharp;

namespace GptEmbeddings.Tests;

/// <summary>
/// What a native library did cannot be undone within a process. So this assembly also serves as a small program of its
/// own, started by <see cref="TorchLayout"/>: it uses TorchSharp as a first notebook cell would, says what happened and
/// ends.
/// </summary>
internal static class TorchProbe
{
    public const string Scenario = "TORCH_PROBE", TorchSharpPath = "TORCH_PROBE_TORCHSHARP",
        KernelFolders = "TORCH_PROBE_KERNEL", Cure = "TORCH_PROBE_CURE";

    /// <summary>Where a folder is until it is put back.</summary>
    public static string Away(string folder) => $"{folder}-away";

    public static void Start()
    {
        var torchSharp = Environment.GetEnvironmentVariable(TorchSharpPath)!;
        AssemblyLoadContext.Default.Resolving += (context, name) =>
            name.Name == "TorchSharp" ? context.LoadFromAssemblyPath(torchSharp) : null;
        if (Environment.GetEnvironmentVariable(KernelFolders) is { Length: > 0 } folders)
            ResolveAsKernelsDo(folders.Split(Path.PathSeparator));

        Environment.Exit(Run(Environment.GetEnvironmentVariable(Scenario)!));
    }

    // .NET Interactive knows the folders of all packages of the session, and answers when a load by name has failed.
    private static void ResolveAsKernelsDo(string[] folders) =>
        AssemblyLoadContext.Default.ResolvingUnmanagedDll += (_, name) =>
            folders.Select(folder => Path.Combine(folder, $"lib{name}.so"))
                .Select(path => NativeLibrary.TryLoad(path, out var handle) ? handle : 0)
                .FirstOrDefault(handle => handle != 0);

    private static int Run(string scenario)
    {
        try
        {
            switch (scenario)
            {
                case "threads":
                    LoadFromThreadsAtOnce();
                    break;
                case "retry":
                    try { TorchRuntime.Load(); }
                    catch (TorchLoadException e) { Console.WriteLine($"first: {e.Message}"); }
                    var folder = Environment.GetEnvironmentVariable(Cure)!;
                    Directory.Move(Away(folder), folder);
                    TorchRuntime.Load();
                    break;
                case "torch first":
                    try { UseTorchSharp(); }
                    catch (TypeInitializationException) { Console.WriteLine("first: TypeInitializationException"); }
                    TorchRuntime.Load();
                    break;
                case "extension":
                    InteractiveExtension.Load();
                    TorchRuntime.Load();
                    break;
                default:
                    TorchRuntime.Load();
                    break;
            }
            PrintEmbedding();
            return 0;
        }
        catch (TorchLoadException e)
        {
            for (Exception? cause = e; cause is not null; cause = cause.InnerException)
                Console.WriteLine(cause.Message);
            return 1;
        }
    }

    private static void LoadFromThreadsAtOnce()
    {
        using var start = new Barrier(4);
        var threads = Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(() =>
        {
            start.SignalAndWait();
            TorchRuntime.Load();
            PrintEmbedding();
        }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        Task.WaitAll(threads);
    }

    // Apart, so that TorchSharp.dll is wanted only when this runs.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void PrintEmbedding()
    {
        using var embedding = torch.nn.Embedding(6, 4);
        Console.WriteLine($"embedding {string.Join(" x ", embedding.weight!.shape)}");
        foreach (var line in File.ReadLines("/proc/self/maps")
            .Where(line => line.Contains("LibTorchSharp", StringComparison.Ordinal)))
            if (line.Contains("r-xp", StringComparison.Ordinal))
                Console.WriteLine($"mapped {line[line.IndexOf('/', StringComparison.Ordinal)..]}");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void UseTorchSharp() => torch.manual_seed(42);
}
