using StreamFlow.Sql.CodeGeneration;

namespace StreamFlow.Sql.Tests.CodeGeneration;

/// <summary>Whether compiled queries can be unloaded (docs/decisions/0030).</summary>
public sealed class QueryAssembliesTests
{
    [Fact]
    public void An_assembly_is_kept_when_the_program_did_not_say_that_its_threads_stay()
    {
        using var image = File.OpenRead(typeof(QueryAssembliesTests).Assembly.Location);
        var assembly = QueryAssemblies.Load("any", image);
        Assert.NotEqual(typeof(QueryAssembliesTests).Assembly, assembly);
        Assert.False(assembly.IsCollectible);
    }
}
