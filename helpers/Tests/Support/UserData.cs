using GptEmbeddings.Tests;
using Xunit;

[assembly: AssemblyFixture(typeof(UserData))]

namespace GptEmbeddings.Tests;

/// <summary>
/// The folder for the data of the user, for as long as the tests run: where libtorch needs its copy of a library, the
/// tests leave none in the home folder of whoever runs them.
/// </summary>
public sealed class UserData : IDisposable
{
    private const string Variable = "XDG_DATA_HOME";

    private readonly string? _before = Environment.GetEnvironmentVariable(Variable);
    private readonly string _folder = Directory.CreateTempSubdirectory("user-data-").FullName;

    public UserData() => Environment.SetEnvironmentVariable(Variable, _folder);

    public void Dispose()
    {
        Environment.SetEnvironmentVariable(Variable, _before);
        Directory.Delete(_folder, recursive: true);
    }
}
