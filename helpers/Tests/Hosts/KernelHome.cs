namespace GptEmbeddings.Tests;

/// <summary>
/// A home folder for kernels. In the user's own they would keep, and find again, which files a package had when another
/// clone or another NuGet cache was in use. NuGet's settings and cache stay the user's.
/// </summary>
internal sealed class KernelHome : IDisposable
{
    private const string Home = "HOME", DotnetHome = "DOTNET_CLI_HOME";

    // One for all kernels of the process, so that NuGet is asked once.
    private static readonly string _folder = Create();

    private readonly string? _home = Environment.GetEnvironmentVariable(Home);
    private readonly string? _dotnetHome = Environment.GetEnvironmentVariable(DotnetHome);

    /// <summary>Makes it the home of this process until it is disposed.</summary>
    public KernelHome()
    {
        HelperPackage.DropIfStale();
        Environment.SetEnvironmentVariable(Home, _folder);
        if (_dotnetHome is null) Environment.SetEnvironmentVariable(DotnetHome, _home);
    }

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(Home, _home);
        Environment.SetEnvironmentVariable(DotnetHome, _dotnetHome);
    }

    private static string Create()
    {
        var folder = Directory.CreateTempSubdirectory("kernel-home-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Directory.Delete(folder, recursive: true);
        return folder;
    }
}
