namespace GptEmbeddings.NotebookRunner;

/// <summary>The request itself is wrong: no such file, not a notebook, another language.</summary>
/// <param name="problems">What is wrong, where, and what to do: a line each, whatever it quotes.</param>
internal class RequestException(params IEnumerable<string> problems)
    : Exception(string.Join('\n', problems.Select(problem => problem.ReplaceLineEndings("␊"))))
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
