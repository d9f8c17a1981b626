namespace GptEmbeddings;

/// <summary>
/// What .NET Interactive runs by itself as soon as a notebook has named this package: the package's <c>extension.dib</c>
/// calls <see cref="Load"/>. A notebook need not know it, and calls <see cref="Tutorial.Begin"/>.
/// </summary>
public static class InteractiveExtension
{
    /// <summary>
    /// Makes the kernel ready for TorchSharp: loads libtorch, so that <c>nn.Embedding(6, 4)</c> may be a notebook's first
    /// line, registers the formatters, and turns off warnings that are no fault of the notebook's.
    /// </summary>
    /// <remarks>
    /// Where libtorch cannot be loaded it says so in the cell's output and goes on: the package that brings it may be
    /// named in a later cell. <see cref="Tutorial.Begin"/> tries again, and throws.
    /// </remarks>
    public static void Load()
    {
        InteractiveKernel.Prepare();
        try
        {
            TorchRuntime.Load();
        }
        catch (TorchLoadException problem)
        {
            Console.WriteLine($"libtorch is not loaded; Tutorial.Begin() will try again. {problem.Message}");
        }
    }
}
