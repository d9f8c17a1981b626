namespace GptEmbeddings;

/// <summary>
/// libtorch could not be loaded. The message names the file, the cause and, on a line of its own, the remedy.
/// After the remedy, <see cref="TorchRuntime.Load"/> may be called again.
/// </summary>
public sealed class TorchLoadException : Exception
{
    private const string AddPackage =
        "Add #r \"nuget: TorchSharp-cpu, 0.107.0\" to the notebook, or that package to the project";

    internal TorchLoadException(string problem, string remedy, Exception? cause = null)
        : base($"{problem}{Environment.NewLine}{remedy}", cause) { }

    internal static TorchLoadException NotFound(string library) => new(
        $"{NativeFiles.FileName(library)} was not found where .NET looks, nor near {NativeFiles.TorchSharpFolder}.",
        UnsupportedPlatform ?? $"{AddPackage}.");

    internal static TorchLoadException CutOff(string file, long length) => new(
        $"{file} cannot be loaded: it is cut off after {length} bytes.", Renew(file));

    internal static TorchLoadException NotRepaired(string file) => new(
        $"{file} cannot be loaded: this system's libstdc++ lacks {NativeFiles.LackingVersion}. The copy that does "
        + $"without it is not where the build made it: {NativeFiles.RepairedPath}.",
        "Build again, in the folder of the repository, and restart the kernel: "
        + "dotnet build helpers/GptEmbeddings.Helpers");

    internal static TorchLoadException Refused(string file, Exception loader)
    {
        var words = loader.Message.TrimEnd().Split('\n')[^1];   // before it, .NET advises to use strace
        bool Says(string phrase) => words.Contains(phrase, StringComparison.Ordinal);
        return new($"{file} cannot be loaded: {words}",
            UnsupportedPlatform is { } unsupported ? unsupported
            : Says("cannot open shared object file") ? "Install the library that is missing."
            : Says("undefined symbol")
                ? $"Another libtorch than TorchSharp's is in its place. {AddPackage}, and restart the kernel."
            : Says("failed to map segment")
                ? "Move it to a folder that libraries may be loaded from (not mounted noexec), and build again."
            : Says("version `")
                ? "Use a newer Linux: Ubuntu 24.04 and Debian 13 have all that it needs."
            : Renew(file),
            loader);
    }

    private static string Renew(string file) => NativeFiles.PackageFolder(file) is { } package
        ? $"Delete {package} and restore the package: the file may be damaged."
        : "Build or restore again: the file may be damaged.";

    private static string? UnsupportedPlatform =>
        NativeFiles.Platform is "win-x64" or "osx-arm64" or "linux-x64" ? null
        : $"TorchSharp-cpu has no libtorch for {NativeFiles.Platform}. "
            + "It supports Windows x64, macOS on Arm, and Linux x64 with glibc.";
}
