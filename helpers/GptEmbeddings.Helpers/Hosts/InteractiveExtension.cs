namespace GptEmbeddings;

/// <summary>
/// What .NET Interactive runs by itself as soon as a notebook has named this package: the package's
/// <c>extension.dib</c> calls <see cref="Load"/>. A notebook need not know it, and calls <see cref="Tutorial.Begin"/>.
/// </summary>
public static class InteractiveExtension
{
    /// <summary>
    /// Makes the kernel ready for TorchSharp: loads libtorch, so that <c>nn.Embedding(6, 4)</c> may be a notebook's
    /// first line, registers the formatters, and turns off warnings that are no fault of the notebook's.
    /// </summary>
    /// <remarks>
    /// The kernel does not tell what an extension throws. So what goes wrong is printed in the cell, which goes on: the
    /// package that brings libtorch may be named in a later cell. <see cref="Tutorial.Begin"/> tries again, and throws.
    /// </remarks>
    public static void Load()
    {
        try
        {
            InteractiveKernel.Prepare();
            TorchRuntime.Load();
        }
#pragma warning disable CA1031 // Nobody above would show it.
        catch (Exception problem)
#pragma warning restore CA1031
        {
            Console.WriteLine($"TorchSharp is not ready; Tutorial.Begin() will try again. {problem.Message}");
        }
    }
}
