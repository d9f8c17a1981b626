using Xunit;

namespace GptEmbeddings.Tests;

public sealed class TorchRuntimeTests
{
    [Fact]
    public void Nothing_yet() => Assert.NotNull(typeof(TorchRuntime));
}
