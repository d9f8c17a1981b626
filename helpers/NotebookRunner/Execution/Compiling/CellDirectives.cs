using System.Text.RegularExpressions;

namespace GptEmbeddings.NotebookRunner.Execution.Compiling;

/// <summary>
/// The lines of a cell that speak to the host and not to C#. Only <c>#r "nuget: Package, Version"</c> works in every
/// host, so any other is an error.
/// </summary>
internal static partial class CellDirectives
{
    /// <summary>Splits a cell into its C#, with blank lines where the directives were, and its packages.</summary>
    /// <exception cref="CellException">A directive does not work in every host.</exception>
    public static (string Code, IReadOnlyList<PackageRequest> Packages) Split(string source)
    {
        var lines = source.Split('\n');
        var packages = new List<PackageRequest>();
        for (var i = 0; i < lines.Length; i++)
        {
            var directive = Directive().Match(lines[i]);
            if (!directive.Success) continue;
            var package = Package().Match(lines[i]);
            if (!package.Success)
                throw new CellException($"line {i + 1}: {Refuse(lines[i], directive.Groups[1].Value)}");
            packages.Add(new(i + 1, package.Groups[1].Value,
                package.Groups[2] is { Success: true, Value: var version } ? version : null));
            lines[i] = "";
        }

        return (string.Join('\n', lines), packages);
    }

    private static string Refuse(string line, string name) =>
        (name, line.Contains("nuget:", StringComparison.Ordinal)) switch
        {
            ("#r", true) => "write it as `#r \"nuget: Package, Version\"`, at the start of the line and alone on it; " +
                "other forms do not work in every host.",
            ("#r", false) => "`#r` of a file does not work in every host. Put the code into a package and write " +
                "`#r \"nuget: Package, Version\"`.",
            _ => $"`{name}` does not work in every host. Of such lines only `#r \"nuget: Package, Version\"` does.",
        };

    [GeneratedRegex(@"^\s*(#!\S*|#r\b|#load\b|#i\b)")]
    private static partial Regex Directive();

    [GeneratedRegex("""^#r\s+"nuget:\s*([^\s,"]+)\s*(?:,\s*([^\s,"]+)\s*)?"\s*$""")]
    private static partial Regex Package();
}
