using System.Collections;
using System.Globalization;

namespace GptEmbeddings.NotebookRunner.Execution;

/// <summary>What there is once in a process, and a cell may set for all after it: its end puts it back.</summary>
internal sealed class ProcessState : IDisposable
{
    private readonly IDictionary _variables = Environment.GetEnvironmentVariables();
    private readonly (CultureInfo?, CultureInfo?) _cultures =
        (CultureInfo.DefaultThreadCurrentCulture, CultureInfo.DefaultThreadCurrentUICulture);

    /// <summary>Shows a terminal's cursor, in the colors that the terminal had.</summary>
    public static void ResetTerminal()
    {
        if (Console.IsOutputRedirected) return;
        Console.CursorVisible = true;
        const ConsoleColor never = (ConsoleColor)(-1);
        if ((Console.ForegroundColor, Console.BackgroundColor) != (never, never)) Console.ResetColor();
    }

    public void Dispose()
    {
        foreach (string name in Environment.GetEnvironmentVariables().Keys)
            if (!_variables.Contains(name)) Environment.SetEnvironmentVariable(name, null);
        foreach (DictionaryEntry variable in _variables)
            Environment.SetEnvironmentVariable((string)variable.Key, (string?)variable.Value);
        (CultureInfo.DefaultThreadCurrentCulture, CultureInfo.DefaultThreadCurrentUICulture) = _cultures;
        ResetTerminal();
    }
}
