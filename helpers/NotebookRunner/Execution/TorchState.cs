using TorchSharp;

namespace GptEmbeddings.NotebookRunner.Execution;

/// <summary>Torch as every notebook finds it: its own seed, the default settings, no tensor of another.</summary>
internal static class TorchState
{
    private const int Width = 100, Rows = 6;

    private static int _threads;

    /// <summary>Loads libtorch and runs through it once, so that the first cell need not wait for it.</summary>
    public static void WarmUp()
    {
        TorchRuntime.Load();
        _threads = torch.get_num_threads();
        using var fresh = Fresh();
        using var sum = torch.ones(2, 2) + 1;
    }

    /// <summary>Resets torch for the notebook on this thread. The result disposes the tensors left behind.</summary>
    public static IDisposable Fresh()
    {
        torch.seed();
        torch.set_default_dtype(torch.ScalarType.Float32);
        torch.set_default_device(torch.CPU);
        torch.set_num_threads(_threads);
        // TorchSharp's own.
        torch.set_printoptions(TensorStringStyle.Metadata, "g5", Width, "\n", Rows, Rows);
        return torch.NewDisposeScope();
    }
}
