using System.Runtime.CompilerServices;

namespace GptEmbeddings.Tests;

/// <summary>
/// Tests run side by side and start programs. If each of these computed on all cores, they would wait for each other:
/// on two cores, two trainings with two threads each take four times as long as two with one thread each.
/// </summary>
internal static class OneCoreEach
{
    [ModuleInitializer]
    internal static void Set()
    {
        if (Environment.GetEnvironmentVariable("OMP_NUM_THREADS") is null)
            Environment.SetEnvironmentVariable("OMP_NUM_THREADS", "1");
    }
}
