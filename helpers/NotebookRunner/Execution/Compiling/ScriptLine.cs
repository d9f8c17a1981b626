using System.Diagnostics;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using Microsoft.CodeAnalysis.Emit;
using Microsoft.CodeAnalysis.Scripting;

namespace GptEmbeddings.NotebookRunner.Execution.Compiling;

/// <summary>Finds the line of a script at which an exception was thrown.</summary>
/// <remarks>
/// Scripts are compiled without debug information, which takes as long again as the code. The few that fail are
/// compiled once more with it: the same source gives the same methods and the same code in them.
/// </remarks>
internal static class ScriptLine
{
    /// <summary>Gives the line, from 1, or null when no code of this script was on the stack.</summary>
    public static int? Of(Exception problem, Script? script)
    {
        var compilation = script?.GetCompilation();
        var frame = new StackTrace(problem).GetFrames()
            .FirstOrDefault(frame => frame.GetMethod()?.Module.Assembly.GetName().Name == compilation?.AssemblyName);
        if (compilation is null || frame?.GetMethod() is not { } method) return null;

        using var assembly = new MemoryStream();
        using var symbols = new MemoryStream();
        var options = new EmitOptions(debugInformationFormat: DebugInformationFormat.PortablePdb);
        if (!compilation.Emit(assembly, symbols, options: options).Success) return null;
        symbols.Position = 0;
        using var provider = MetadataReaderProvider.FromPortablePdbStream(symbols);
        var handle = (MethodDefinitionHandle)MetadataTokens.EntityHandle(method.MetadataToken);
        var point = provider.GetMetadataReader().GetMethodDebugInformation(handle.ToDebugInformationHandle())
            .GetSequencePoints()
            .LastOrDefault(point => !point.IsHidden && point.Offset <= frame.GetILOffset());
        return point.StartLine > 0 ? point.StartLine : null;
    }
}
