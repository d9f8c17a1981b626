/// <summary>
/// .NET calls this instead of the tests' own Main when DOTNET_STARTUP_HOOKS names this assembly; name and place are
/// .NET's.
/// </summary>
internal static class StartupHook
{
    public static void Initialize() => GptEmbeddings.Tests.TorchProbe.Start();
}
