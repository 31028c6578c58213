namespace StreamFlow.Testing.Processes;

/// <summary>A <c>streamflow broker</c> on a free port.</summary>
public sealed class BrokerProcess : IAsyncDisposable
{
    private BrokerProcess(ChildProcess process, string address) => (Process, Address) = (process, address);

    public ChildProcess Process { get; }

    public string Address { get; }

    public static async Task<BrokerProcess> StartAsync(string data, string listen = "127.0.0.1:0", params string[] settings)
    {
        string[] all =
        [
            "group.initial.rebalance.delay.ms=0", "group.min.session.timeout.ms=300",
            "transaction.abort.timed.out.transaction.cleanup.interval.ms=300", "offsets.topic.num.partitions=2",
            "transaction.state.log.num.partitions=2", .. settings,
        ];
        var process = ChildProcess.StreamFlow(
            ["broker", "--data", data, "--listen", listen, .. all.SelectMany(s => new[] { "--set", s })]);
        try
        {
            return new BrokerProcess(process, await process.WaitForAsync("listening on "));
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => Process.DisposeAsync();
}
