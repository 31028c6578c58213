using System.Globalization;
using StreamFlow.Processes.Tests.Workers;
using StreamFlow.Testing.Processes;

namespace StreamFlow.Processes.Tests.Examples;

/// <summary>The examples print the same wherever their topics are.</summary>
public sealed class ExampleTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("streamflow-examples-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Theory]
    [Trait("Category", "Integration")]
    [InlineData("WordCount")]
    [InlineData("FlightDelays")]
    [InlineData("CardFraud")]
    public async Task An_example_prints_the_same_in_memory_on_disk_and_over_the_network(string example)
    {
        var inMemory = await RunAsync(example, "memory:");

        var directory = "embedded:" + Path.Combine(_root, "embedded");
        Assert.Equal(inMemory, await RunAsync(example, directory));
        Assert.Equal(inMemory, await RunAsync(example, directory)); // the input is there already, and processed
        await using var broker = await BrokerProcess.StartAsync(Path.Combine(_root, "broker"));
        Assert.Equal(inMemory, await RunAsync(example, broker.Address));
        await broker.Process.StopAsync();
    }

    [TheoryOnKafka]
    [Trait("Category", "Integration")]
    [InlineData("WordCount")]
    [InlineData("FlightDelays")]
    [InlineData("CardFraud")]
    public async Task An_example_prints_the_same_on_Kafka(string example)
    {
        await using var kafka = await KafkaNode.StartAsync("group.initial.rebalance.delay.ms=0");

        Assert.Equal(await RunAsync(example, "memory:"), await RunAsync(example, kafka.Address));
    }

    [Fact]
    [Trait("Category", "Integration")]
    public async Task The_word_count_is_that_of_a_plain_loop()
    {
        var text = await File.ReadAllTextAsync(Path.Combine(Places.Root, "examples/data/moby-dick.txt"));
        var words = new string([.. text.Select(c => char.IsLetter(c) ? char.ToLowerInvariant(c) : ' ')])
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var counts = words.GroupBy(w => w).Select(g => (Word: g.Key, Count: g.Count()))
            .OrderByDescending(c => c.Count).ThenBy(c => c.Word, StringComparer.Ordinal).ToList();

        var expected = counts.Take(10).Select(c => string.Create(CultureInfo.InvariantCulture, $"{c.Count,8} {c.Word}"))
            .Prepend(string.Create(
                CultureInfo.InvariantCulture, $"{words.Length} words, {counts.Count} different ones; the most frequent:"));
        Assert.Equal(string.Join('\n', expected), await RunAsync("WordCount", "memory:"));
    }

    private static async Task<string> RunAsync(string example, string cluster)
    {
        await using var run = await ChildProcess.RunAsync("dotnet", [Places.Output(example, example + ".dll"), cluster]);
        Assert.True(run.ExitCode == 0, $"{example} on {cluster} ended with {run.ExitCode}\n{run.Output}\n{run.Errors}");
        return run.Output;
    }
}
