using System.Net.Sockets;
using System.Threading.Tasks.Sources;

namespace StreamFlow.Client.Transport;

/// <summary>A plain socket.</summary>
internal sealed class SocketChannel(Socket socket) : NetworkChannel
{
    private readonly GatheringSend _send = new();

    public override ValueTask SendAsync(List<ArraySegment<byte>> pieces) => _send.RunAsync(socket, pieces);

    public override ValueTask<int> ReceiveAsync(Memory<byte> buffer) => socket.ReceiveAsync(buffer, SocketFlags.None);

    public override void Dispose()
    {
        socket.Dispose();
        _send.Dispose();
    }

    /// <summary>
    /// One gathering write after the other, each its own task source: the socket's own method makes a task for each. On Linux it sends all
    /// or fails, like the write of a single buffer. The execution context does not flow: what waits brings its own.
    /// </summary>
    private sealed class GatheringSend() : SocketAsyncEventArgs(true), IValueTaskSource
    {
        private ManualResetValueTaskSourceCore<bool> _source;

        public ValueTask RunAsync(Socket socket, List<ArraySegment<byte>> pieces)
        {
            _source.Reset();
            BufferList = pieces;
            if (socket.SendAsync(this))
            {
                return new(this, _source.Version);
            }

            return SocketError == SocketError.Success ? default : ValueTask.FromException(new SocketException((int)SocketError));
        }

        public void GetResult(short token) => _source.GetResult(token);

        public ValueTaskSourceStatus GetStatus(short token) => _source.GetStatus(token);

        public void OnCompleted(Action<object?> continuation, object? state, short token, ValueTaskSourceOnCompletedFlags flags) =>
            _source.OnCompleted(continuation, state, token, flags);

        protected override void OnCompleted(SocketAsyncEventArgs e)
        {
            if (SocketError == SocketError.Success)
            {
                _source.SetResult(true);
            }
            else
            {
                _source.SetException(new SocketException((int)SocketError));
            }
        }
    }
}
