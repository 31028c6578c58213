using StreamFlow.Testing.Snapshots;

namespace StreamFlow.Protocol.Tests;

public sealed class PublicApiTests
{
    /// <summary>The generated messages are reviewed as definitions and golden bytes instead.</summary>
    [Fact]
    public void Public_surface_is_the_reviewed_one() =>
        Snapshot.Verify(PublicApi.Print(typeof(IVersioned).Assembly, type => type.Namespace == "StreamFlow.Protocol"));
}
