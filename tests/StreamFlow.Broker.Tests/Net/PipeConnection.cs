using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using StreamFlow.Broker.Net;
using StreamFlow.Broker.Security;
using StreamFlow.Protocol;

namespace StreamFlow.Broker.Tests.Net;

/// <summary>A connection as the broker serves it, over pipes in place of a socket: what the broker has written waits until it is read.</summary>
internal sealed class PipeConnection : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly Pipe _toBroker;
    private readonly Pipe _toClient;
    private readonly BrokerConnection _connection;
    private readonly Task _serving;

    public PipeConnection(TestBroker broker, int pipeSize = 256 * 1024)
    {
        var options = new PipeOptions(
            // In line, as the socket's own schedulers queue nothing that would be allocated.
            readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline,
            pauseWriterThreshold: pipeSize, resumeWriterThreshold: pipeSize / 2, useSynchronizationContext: false);
        (_toBroker, _toClient) = (new Pipe(options), new Pipe(options));
        var transport = new Ends(_toBroker.Reader, _toClient.Writer);
        var context = new DefaultConnectionContext("test", transport, transport);
        _connection = new BrokerConnection(
            broker.Server.Dispatcher, context, Session.InProcess, broker.Server.Quotas, broker.Server.Requests, 100 << 20, TimeProvider.System);
        _serving = Task.Run(() => _connection.RunAsync(_stopping.Token));
    }

    /// <summary>Since when the broker waits for the client; <see cref="long.MaxValue"/> while it is busy.</summary>
    public long IdleSince => _connection.IdleSince;

    public PipeWriter Input => _toBroker.Writer;

    public PipeReader Output => _toClient.Reader;

    public async Task SendAsync(IRequest request, short version, int correlationId)
    {
        using var frame = new FrameBuffer();
        MessageFrame.WriteRequest(frame, request, version, correlationId, "c");
        await Input.WriteAsync(frame.ToArray());
    }

    /// <summary>The next frame without its size.</summary>
    public async Task<byte[]> ReadAsync()
    {
        while (true)
        {
            var result = await Output.ReadAsync();
            var buffer = result.Buffer;
            if (buffer.Length >= 4)
            {
                var size = BinaryPrimitives.ReadInt32BigEndian(buffer.Slice(0, 4).ToArray());
                if (buffer.Length >= 4 + size)
                {
                    var frame = buffer.Slice(4, size).ToArray();
                    Output.AdvanceTo(buffer.GetPosition(4 + size));
                    return frame;
                }
            }

            // A frame may be larger than the pipe: it is gathered here.
            return await ReadLargeAsync(buffer);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Input.CompleteAsync();
        await Output.CompleteAsync();
        await _stopping.CancelAsync();
        await _serving.WaitAsync(TimeSpan.FromSeconds(30)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _connection.Dispose();
    }

    private async Task<byte[]> ReadLargeAsync(ReadOnlySequence<byte> first)
    {
        var bytes = new List<byte>(first.ToArray());
        Output.AdvanceTo(first.End);
        while (bytes.Count < 4 || bytes.Count < 4 + BinaryPrimitives.ReadInt32BigEndian([.. bytes[..4]]))
        {
            var result = await Output.ReadAsync();
            bytes.AddRange(result.Buffer.ToArray());
            Output.AdvanceTo(result.Buffer.End);
            Assert.False(result.IsCompleted && bytes.Count == 0, "the broker has closed the connection");
        }

        return [.. bytes[4..]];
    }

    private sealed record Ends(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
