namespace GptEmbeddings.Tests;

/// <summary>The helper as the kernels see it: NuGet's unpacked copy of its package.</summary>
internal static class HelperPackage
{
    /// <summary>NuGet's folder of unpacked packages.</summary>
    public static string Packages { get; } =
        Path.GetFullPath("../../../../..", typeof(TorchSharp.torch).Assembly.Location);

    private static string Unpacked { get; } = Path.Combine(Packages, "gptembeddings.helpers", "1.0.0");

    /// <summary>Removes a copy that is not what was just built, such as another clone's. NuGet unpacks it anew.</summary>
    public static void DropIfStale()
    {
        var copy = Path.Combine(Unpacked, "lib", "net8.0", "GptEmbeddings.Helpers.dll");
        if (!Directory.Exists(Unpacked)) return;
        if (!File.Exists(copy) || !File.ReadAllBytes(copy).AsSpan().SequenceEqual(File.ReadAllBytes(typeof(Tutorial).Assembly.Location)))
            Directory.Delete(Unpacked, recursive: true);
    }
}
