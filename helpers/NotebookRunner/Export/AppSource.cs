using GptEmbeddings.NotebookRunner.Execution.Compiling;
using GptEmbeddings.NotebookRunner.Notebook;
using Microsoft.CodeAnalysis.CSharp;

namespace GptEmbeddings.NotebookRunner.Export;

/// <summary>
/// The text of a file-based app that does what a notebook does: its packages, its usings, then cell after cell, with
/// the prose as comments, and at the end its types, since C# wants them behind all statements.
/// </summary>
internal static class AppSource
{
    // The usings that every notebook host has in force.
    private static readonly string[] _defaultUsings =
    [
        "using System;", "using System.Collections.Generic;", "using System.Linq;", "using System.Text;",
        "using System.Threading.Tasks;",
    ];

    // The first two leave libtorch, 1.2 GB, in NuGet's folder. The third is true where the build finds no ICU. The
    // others give the C# of a notebook, and no word of the compiler's or of NuGet's between the outputs.
    private static readonly string[] _properties =
    [
        "CopyLocalLockFileAssemblies=false", "GenerateRuntimeConfigDevFile=true",
        "InvariantGlobalization=$([System.Convert]::ToBoolean($([System.Math]::Max(0, $([System.String]::Compare("
            + "'a', 'B', System.StringComparison.InvariantCulture))))))",
        "LangVersion=13", "Nullable=disable", "ImplicitUsings=disable", "PublishAot=false",
        "DefineConstants=", "DisableImplicitConfigurationDefines=true", "DisableImplicitFrameworkDefines=true",
        "WarningLevel=0", "NuGetAudit=false", "NoWarn=NU1603",
    ];

    /// <summary>Writes the app of the cells that hold more than directives.</summary>
    /// <exception cref="ExportException">A cell cannot be part of such an app.</exception>
    public static string Of(NotebookFile notebook, IReadOnlyList<ScriptCell> cells)
    {
        var names = new NewNames(cells);
        var exported = cells.ToDictionary(cell => cell.Cell, cell => new ExportedCell(cell, names));
        var packages = notebook.CodeCells.SelectMany(cell => CellDirectives.Split(cell.Source).Packages).ToList();
        var pinned = packages.Select(package => $"{package.Package}@{package.Version}");

        var header = pinned.Concat(ExportedCell.PackagesOf(exported.Values)).Distinct()
            .Select(package => $"#:package {package}\n")
            .Concat(_properties.Select(property => $"#:property {property}\n"));

        // A line break in it would end the comment.
        var name = VisibleText.Of(Path.GetFileName(notebook.FullPath)).ReplaceLineEndings(" ");
        var program = new AppText();
        program.Add(null, $"""

            // {AppFolder.Mark}, from {name}. Change that, and not this file.
            // Run it with: dotnet run {Path.ChangeExtension(name, ".cs")}

            {string.Join('\n', _defaultUsings.Concat(exported.Values.SelectMany(cell => cell.Usings)).Distinct())}

            // As the notebook hosts write numbers and dates here, whatever the language of the machine.
            System.Globalization.CultureInfo.DefaultThreadCurrentCulture =
                System.Globalization.CultureInfo.InvariantCulture;
            if ({Icu.IsMissingInCSharp})
                Console.Error.WriteLine({SymbolDisplay.FormatLiteral(Icu.Missing, quote: true)});

            """.ReplaceLineEndings("\n"));
        foreach (var cell in notebook.Cells)
            if (exported.TryGetValue(cell, out var code)) program.Add(cell, code.Statements);
            else if (cell.Type == "markdown") program.Add(null, ProseComment.Of(cell.Source));
        foreach (var (cell, code) in exported)
            foreach (var type in code.Types) program.Add(cell, type);

        TrialCompilation.Check(program, packages);
        return string.Concat(header) + program;
    }
}
