using System.Reflection;

namespace GptEmbeddings.NotebookRunner.Site;

/// <summary>The scripts and styles that are built in.</summary>
internal static class Resource
{
    /// <summary>Gives the text of one, with Unix line ends.</summary>
    public static string Read(Assembly assembly, string name)
    {
        using var resource = new StreamReader(assembly.GetManifestResourceStream(name)!);
        return resource.ReadToEnd().ReplaceLineEndings("\n");
    }
}
