namespace GptEmbeddings;

/// <summary>
/// libtorch could not be loaded. The message names the file, the cause and, on a line of its own, the remedy.
/// After the remedy, <see cref="TorchRuntime.Load"/> may be called again.
/// </summary>
public sealed class TorchLoadException : Exception
{
    internal TorchLoadException(string problem, string remedy, Exception? cause = null)
        : base($"{problem}{Environment.NewLine}{remedy}", cause) { }
}
