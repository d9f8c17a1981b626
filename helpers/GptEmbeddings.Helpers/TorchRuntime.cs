using System.Runtime.InteropServices;
using TorchSharp;

namespace GptEmbeddings;

/// <summary>Loads libtorch.</summary>
public static class TorchRuntime
{
    /// <summary>Loads libtorch.</summary>
    public static void Load()
    {
        foreach (var name in (string[])["torch_cpu", "torch", "LibTorchSharp"])
            if (!NativeLibrary.TryLoad(name, typeof(torch).Assembly, null, out _)) throw new DllNotFoundException(name);
    }
}
