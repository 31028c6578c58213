using System.IO.Pipelines;
using StreamFlow.Broker.Net;

namespace StreamFlow.Broker.Tests.Net;

public sealed class ConnectionWakeTests
{
    private readonly Pipe _pipe = new();
    private readonly ConnectionWake _wake;

    public ConnectionWakeTests() => _wake = new ConnectionWake(_pipe.Reader);

    [Fact]
    public async Task Request_that_ends_while_the_loop_waits_ends_its_read()
    {
        _wake.Arm();
        var read = _pipe.Reader.ReadAsync();

        _wake.Request();

        Assert.True((await read.AsTask().WaitAsync(TimeSpan.FromSeconds(60))).IsCanceled);
    }

    [Fact]
    public async Task Requests_that_end_together_wake_the_loop_once()
    {
        _wake.Arm();
        _wake.Request();
        _wake.Request();
        Assert.True((await _pipe.Reader.ReadAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60))).IsCanceled);

        Assert.False(_pipe.Reader.TryRead(out _));
    }

    [Fact]
    public void Request_that_ends_while_the_loop_runs_leaves_its_next_read_alone()
    {
        _wake.Arm();
        _wake.Disarm();

        _wake.Request();

        Assert.False(_pipe.Reader.TryRead(out _));
    }
}
