namespace GptEmbeddings.NotebookRunner;

/// <summary>The request itself is wrong: no such file, not a notebook, another language.</summary>
/// <param name="message">What is wrong, where, and what to do.</param>
internal sealed class RequestException(string message) : Exception(message)
{
    public static void Naming(string file, Action use) => Naming(file, () =>
    {
        use();
        return true;
    });

    /// <summary>Does what a request needs. A file that does not allow it makes the request wrong.</summary>
    public static T Naming<T>(string file, Func<T> use)
    {
        try
        {
            return use();
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException or FormatException)
        {
            throw new RequestException($"{file}: {problem.Message}");
        }
    }
}
