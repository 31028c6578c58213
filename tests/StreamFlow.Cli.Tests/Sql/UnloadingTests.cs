using System.Text.Json;

namespace StreamFlow.Cli.Tests.Sql;

/// <summary>The program lets queries be unloaded, which is safe only where no thread that ran them ends (docs/decisions/0030).</summary>
public sealed class UnloadingTests
{
    [Fact]
    public void Queries_are_unloaded_and_the_pool_keeps_its_threads()
    {
        using var file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "streamflow.runtimeconfig.json"));
        using var json = JsonDocument.Parse(file);
        var properties = json.RootElement.GetProperty("runtimeOptions").GetProperty("configProperties");
        Assert.True(properties.GetProperty("StreamFlow.Sql.UnloadQueries").GetBoolean());
        Assert.Equal(-1, properties.GetProperty("System.Threading.ThreadPool.ThreadsToKeepAlive").GetInt32());
    }
}
