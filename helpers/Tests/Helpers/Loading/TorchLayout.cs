using System.Diagnostics;
using System.Runtime.InteropServices;

namespace GptEmbeddings.Tests;

/// <summary>A temporary folder that holds TorchSharp and libtorch the way some host lays them out.</summary>
internal sealed class TorchLayout : IDisposable
{
    private static readonly string[] _libtorchFiles =
        [.. Directory.GetFiles(Path.GetDirectoryName(NativeFiles.Find("torch_cpu"))!, "lib*.so*")];

    private readonly Dictionary<string, string> _environment = [];

    private TorchLayout(string torchSharp, string ownNatives, string libtorch)
    {
        TorchSharp = Path.Combine(Root, torchSharp, "TorchSharp.dll");
        Libtorch = Path.Combine(Root, libtorch);
        Library = Path.Combine(Root, ownNatives, "libLibTorchSharp.so");

        string[] folders = [App, Path.GetDirectoryName(TorchSharp)!, Path.GetDirectoryName(Library)!, Libtorch];
        foreach (var folder in folders) Directory.CreateDirectory(folder);
        foreach (var type in (Type[])[typeof(TorchLayout), typeof(TorchRuntime)])
            File.Copy(type.Assembly.Location, Path.Combine(App, Path.GetFileName(type.Assembly.Location)));
        File.Copy(typeof(TorchSharp.torch).Assembly.Location, TorchSharp);
        File.CreateSymbolicLink(Library, NativeFiles.Find("LibTorchSharp")!);
        foreach (var file in _libtorchFiles)
            File.CreateSymbolicLink(Path.Combine(Libtorch, Path.GetFileName(file)), file);

        // Should TorchSharp fall back on its own search, it finds no package to copy.
        _environment["NUGET_PACKAGES"] = Path.Combine(Root, "no-packages");
    }

    public string Root { get; } = Directory.CreateTempSubdirectory("torch-layout-").FullName;

    /// <summary>TorchSharp.dll.</summary>
    public string TorchSharp { get; }

    /// <summary>libLibTorchSharp.so.</summary>
    public string Library { get; }

    /// <summary>The folder of libtorch_cpu.so.</summary>
    public string Libtorch { get; }

    /// <summary>The helper's DLL.</summary>
    public string Helper => Path.Combine(App, Path.GetFileName(typeof(TorchRuntime).Assembly.Location));

    private string App => Path.Combine(Root, "app");

    public static TorchLayout PublishedOutput() => new("app", "app", "app");

    public static TorchLayout OutputWithRuntimes() =>
        new("app", "app/runtimes/linux-x64/native", "app/runtimes/linux-x64/native");

    public static TorchLayout NuGetCache() => new(
        "packages/torchsharp/0.107.0/lib/net8.0",
        "packages/torchsharp/0.107.0/runtimes/linux-x64/native",
        "packages/libtorch-cpu-linux-x64/2.10.0/runtimes/linux-x64/native");

    public static TorchLayout Verso() => new(
        "net10.0/TorchSharp/0.107.0",
        "net10.0/TorchSharp/0.107.0/native",
        "net10.0/libtorch-cpu-linux-x64/2.10.0/native");

    /// <summary>NuGet's cache, with .NET Interactive's kernel answering for names.</summary>
    public static TorchLayout Kernel()
    {
        var layout = NuGetCache();
        layout._environment[TorchProbe.KernelFolders] =
            $"{Path.GetDirectoryName(layout.Library)}{Path.PathSeparator}{layout.Libtorch}";
        return layout;
    }

    /// <summary>Puts a libtorch of the system's own, and another one, in the loader's way.</summary>
    public void AddSystemLibtorch()
    {
        var folder = Directory.CreateDirectory(Path.Combine(Root, "system")).FullName;
        // Any library will do that is not libtorch: what is found by name is then the wrong one.
        foreach (var library in (string[])["torch_cpu", "torch"])
            File.CreateSymbolicLink(
                Path.Combine(folder, NativeFiles.FileName(library)), "/lib/x86_64-linux-gnu/libz.so.1");
        Set("LD_LIBRARY_PATH", folder);
    }

    /// <summary>Replaces a linked library by a file of one's own.</summary>
    public static void Replace(string library, byte[] content)
    {
        File.Delete(library);
        File.WriteAllBytes(library, content);
    }

    public void Set(string variable, string value) => _environment[variable] = value;

    /// <summary>Every file of the layout.</summary>
    public string[] Files() => [.. Directory.GetFiles(Root, "*", SearchOption.AllDirectories).Order()];

    /// <summary>Runs the probe in a process of its own.</summary>
    public async Task<(int ExitCode, string Output)> RunAsync(string scenario = "load")
    {
        var dotnet = Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet");
        var start = new ProcessStartInfo(Path.GetFullPath(dotnet))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = Root,
        };
        var tests = typeof(TorchLayout).Assembly.Location;
        var program = Path.Combine(App, Path.GetFileName(tests));
        var configuration = Path.ChangeExtension(tests, ".runtimeconfig.json");
        foreach (var argument in (string[])["exec", "--runtimeconfig", configuration, program])
            start.ArgumentList.Add(argument);
        start.Environment["DOTNET_STARTUP_HOOKS"] = program;
        foreach (var (name, value) in _environment) start.Environment[name] = value;
        start.Environment[TorchProbe.Scenario] = scenario;
        start.Environment[TorchProbe.TorchSharpPath] = TorchSharp;

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        return (process.ExitCode, output + await errors);
    }

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
