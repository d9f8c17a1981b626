namespace GptEmbeddings.Tests;

/// <summary>The helper as the kernels see it: NuGet's unpacked copy of its package.</summary>
internal static class HelperPackage
{
    /// <summary>NuGet's folder of unpacked packages.</summary>
    public static string Packages { get; } =
        Path.GetFullPath("../../../../..", typeof(TorchSharp.torch).Assembly.Location);

    private static string Unpacked { get; } = Path.Combine(Packages, "gptembeddings.helpers", "1.0.0");

    /// <summary>Removes a copy that is not what was just built; NuGet unpacks it anew.</summary>
    public static void DropIfStale()
    {
        var copy = Path.Combine(Unpacked, "lib", "net8.0", "GptEmbeddings.Helpers.dll");
        if (!Directory.Exists(Unpacked)) return;
        var built = File.ReadAllBytes(typeof(Tutorial).Assembly.Location);
        if (!File.Exists(copy) || !File.ReadAllBytes(copy).AsSpan().SequenceEqual(built))
            Directory.Delete(Unpacked, recursive: true);
    }
}
