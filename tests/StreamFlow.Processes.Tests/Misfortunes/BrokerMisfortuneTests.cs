using System.Globalization;
using StreamFlow.Testing.Processes;

namespace StreamFlow.Processes.Tests.Misfortunes;

/// <summary>What the broker says, and how it ends, when it cannot have what it needs or is told to stop.</summary>
[Trait("Category", "E2E")]
public sealed class BrokerMisfortuneTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("streamflow-misfortune-").FullName;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task Second_process_on_a_data_directory_says_who_holds_it()
    {
        await using var first = await BrokerProcess.StartAsync(_root);
        var holder = first.Process.Id.ToString(CultureInfo.InvariantCulture);

        await using var broker = await ChildProcess.RunStreamFlowAsync("broker", "--data", _root, "--listen", "127.0.0.1:0");
        await using var topics = await ChildProcess.RunStreamFlowAsync("topics", "list", "-c", "embedded:" + _root);

        foreach (var second in new[] { broker, topics })
        {
            Assert.Equal(1, second.ExitCode);
            Assert.Contains(_root, second.Errors, StringComparison.Ordinal);
            Assert.Contains(holder, second.Errors, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", second.Errors, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Port_in_use_is_named()
    {
        await using var first = await BrokerProcess.StartAsync(Path.Combine(_root, "a"));

        await using var second = await ChildProcess.RunStreamFlowAsync(
            "broker", "--data", Path.Combine(_root, "b"), "--listen", first.Address);

        Assert.Equal(1, second.ExitCode);
        Assert.Contains(first.Address, second.Errors, StringComparison.Ordinal);
        Assert.Contains("in use", second.Errors, StringComparison.Ordinal);
        Assert.Single(second.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Sigterm_stops_cleanly_and_the_next_start_need_not_recover()
    {
        await using var broker = await BrokerProcess.StartAsync(_root);

        await broker.Process.SignalAsync("TERM");

        Assert.Equal(0, await broker.Process.WaitAsync());
        Assert.Empty(broker.Process.Errors);
        Assert.True(File.Exists(Path.Combine(_root, ".kafka_cleanshutdown")));
    }

    [Fact]
    public async Task Second_sigint_ends_the_process_at_once()
    {
        await using var broker = await BrokerProcess.StartAsync(_root);
        // A worker that can reach nobody takes its time to stop.
        await broker.Process.SignalAsync("STOP");
        await using var listing = ChildProcess.StreamFlow("topics", "list", "-c", broker.Address);
        await Task.Delay(1500);

        await listing.SignalAsync("INT");
        await Task.Delay(300);
        await listing.SignalAsync("INT");

        Assert.Equal(130, await listing.WaitAsync());
        await broker.Process.SignalAsync("CONT");
    }
}
