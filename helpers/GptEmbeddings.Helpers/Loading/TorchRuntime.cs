using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using TorchSharp;

namespace GptEmbeddings;

/// <summary>Loads libtorch, the native library that TorchSharp stands on.</summary>
public static class TorchRuntime
{
    // In this order: each finds in memory the ones before it, though their files may lie in different folders.
    private static readonly string[] _libraries = ["torch_cpu", "torch", "LibTorchSharp"];

    private static readonly object _gate = new();
    private static volatile bool _loaded;

    /// <summary>
    /// Loads libtorch, so that every TorchSharp call works in every notebook host, without copying it (490 MB).
    /// Call it before anything else of TorchSharp. A second call returns at once; after a failure it tries again.
    /// Threads and processes may call it at the same time.
    /// </summary>
    /// <remarks>
    /// On Linux with a libstdc++ older than GCC 13's (Debian 12, Ubuntu 22.04), TorchSharp's own library asks for one
    /// version too many, that of a symbol which nothing uses. The build of this assembly makes a copy of it that does
    /// without (2.4 MB), which is loaded instead.
    /// </remarks>
    /// <exception cref="TorchLoadException">libtorch cannot be loaded. The message names the file, the cause and the
    /// remedy.</exception>
    public static void Load()
    {
        if (_loaded) return;
        lock (_gate)
        {
            if (_loaded) return;
            RefuseCutOffFiles();
            foreach (var library in _libraries) LoadLibrary(library);
            InitializeTorchSharp();
            _loaded = true;
        }
    }

    private static void RefuseCutOffFiles()
    {
        if (!OperatingSystem.IsLinux()) return;
        foreach (var path in _libraries.Prepend("c10").Select(NativeFiles.Find).OfType<string>())
            if (NativeFiles.LengthIfCutOff(path) is { } length) throw TorchLoadException.CutOff(path, length);
    }

    private static void LoadLibrary(string library)
    {
        // Naming the type does not run its initializer, which must not run before the libraries are there.
        var torchSharp = typeof(torch).Assembly;
        var file = NativeFiles.Find(library);
        if ((file is null || NameIsSafe(library)) && NativeLibrary.TryLoad(library, torchSharp, null, out _)) return;

        if (file is null) throw TorchLoadException.NotFound(library);
        var handle = LoadFile(file);
        // What is loaded by its path must also be found by its name, which is all that TorchSharp knows.
        AssemblyLoadContext.GetLoadContext(torchSharp)!.ResolvingUnmanagedDll += (_, name) =>
            name == library ? handle : 0;
    }

    // On Linux a name can stand for the libtorch of a system package (python3-torch), of whatever version: .NET asks
    // the system before the notebook's kernel. But once a libtorch is in memory, a second one would crash the process.
    private static bool NameIsSafe(string library) =>
        !OperatingSystem.IsLinux()
        || File.ReadLines("/proc/self/maps")
            .Any(line => line.Contains($"/{NativeFiles.FileName(library)}", StringComparison.Ordinal));

    private static IntPtr LoadFile(string file)
    {
        try
        {
            return NativeLibrary.Load(file);
        }
        catch (DllNotFoundException e) when (e.Message.Contains(NativeFiles.LackingVersion, StringComparison.Ordinal))
        {
            return LoadFile(NativeFiles.RepairedCopy(file) ?? throw TorchLoadException.NotRepaired(file));
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            throw TorchLoadException.Refused(file, e);
        }
    }

    // With the libraries in place this cannot fail, unless it has failed before: .NET keeps the first result.
    private static void InitializeTorchSharp()
    {
        try
        {
            RuntimeHelpers.RunClassConstructor(typeof(torch).TypeHandle);
        }
        catch (TypeInitializationException)
        {
            // Without the cause: hosts show it too, and it advises to add the package that is there.
            throw new TorchLoadException(
                "TorchSharp was used before TorchRuntime.Load() and failed to start; .NET does not start it again.",
                "Restart the kernel, and call TorchRuntime.Load() before anything else of TorchSharp.");
        }
    }
}
