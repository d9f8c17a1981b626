using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Loader;
using TorchSharp;

namespace GptEmbeddings;

/// <summary>Loads libtorch, the native library below TorchSharp.</summary>
public static class TorchRuntime
{
    // The order matters: each library finds the ones before it in memory, wherever their files lie.
    private static readonly string[] Libraries = ["torch_cpu", "torch", "LibTorchSharp"];
    private static readonly object Gate = new();
    private static volatile bool loaded;

    // Naming the type does not run its initializer, which fails for good when the libraries are not loaded yet.
    private static Assembly TorchSharpAssembly => typeof(torch).Assembly;

    /// <summary>
    /// Loads libtorch so that every TorchSharp call works, in any notebook host and with no copy of the 490 MB.
    /// Call it before anything else of TorchSharp. Later calls return at once; after a failure a later call tries again.
    /// Safe from several threads and processes at once.
    /// </summary>
    /// <remarks>
    /// On Linux x64 with a libstdc++ older than GCC 13's, TorchSharp's own library lacks one version of a symbol that
    /// nothing uses. A copy that tolerates this (2.4 MB) goes to the user's local application data, and is loaded instead.
    /// </remarks>
    /// <exception cref="TorchLoadException">libtorch cannot be loaded; the message names the file, the cause and the remedy.</exception>
    public static void Load()
    {
        if (loaded) return;
        lock (Gate)
        {
            if (loaded) return;
            foreach (var library in Libraries) LoadLibrary(library);
            InitializeTorchSharp();
            loaded = true;
        }
    }

    private static void LoadLibrary(string library)
    {
        if (NativeLibrary.TryLoad(library, TorchSharpAssembly, null, out _)) return;

        var folder = Path.GetDirectoryName(TorchSharpAssembly.Location) ?? "";
        var file = NativeFiles.Find(library, folder) ?? throw NotFound(library, folder);
        var handle = LoadFile(file);
        AssemblyLoadContext.GetLoadContext(TorchSharpAssembly)!.ResolvingUnmanagedDll += (_, name) => name == library ? handle : 0;
    }

    private static IntPtr LoadFile(string file)
    {
        try
        {
            return NativeLibrary.Load(file);
        }
        catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
        {
            return Repaired(file) is { } copy ? NativeLibrary.Load(copy) : throw Unloadable(file, e);
        }
    }

    private static string? Repaired(string file)
    {
        if (!OperatingSystem.IsLinux() || NativeFiles.Platform != "linux-x64") return null;
        try
        {
            return LibstdcxxRepair.Repair(file, LibstdcxxRepair.UserFolder);
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }

    private static void InitializeTorchSharp()
    {
        try
        {
            RuntimeHelpers.RunClassConstructor(typeof(torch).TypeHandle);
        }
        catch (TypeInitializationException e)
        {
            throw new TorchLoadException(
                "TorchSharp was used before TorchRuntime.Load(), and failed; .NET does not let it start twice.",
                "Restart the kernel, and call TorchRuntime.Load() before anything else of TorchSharp.", e);
        }
    }

    private static TorchLoadException NotFound(string library, string folder) => new(
        $"{NativeFiles.FileName(library)} was not found, neither by the host nor near {folder}.",
        PlatformRemedy ?? "Add #r \"nuget: TorchSharp-cpu, 0.107.0\" (or that package reference), and restart.");

    private static TorchLoadException Unloadable(string file, Exception cause) => new(
        $"{file} cannot be loaded: {cause.Message.Trim()}",
        PlatformRemedy ?? "Delete that package's folder from the NuGet cache and restore it: the file may be damaged.", cause);

    private static string? PlatformRemedy => NativeFiles.PlatformHasLibtorch ? null :
        $"TorchSharp-cpu has no libtorch for {NativeFiles.Platform}. It supports Windows x64, macOS on Arm and Linux x64 (glibc).";
}
