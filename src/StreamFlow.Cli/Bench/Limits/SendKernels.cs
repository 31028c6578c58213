using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace StreamFlow.Cli.Bench.Limits;

/// <summary>
/// What sending a segment's bytes from the page cache costs the sender: read into memory and sent, as the broker does, against
/// <c>sendfile</c>, in pieces as large as fetches are.
/// </summary>
internal static partial class SendKernels
{
    private const int FileBytes = 64 << 20;

    public static IEnumerable<LimitKernel> All(string directory)
    {
        if (!OperatingSystem.IsLinux())
        {
            yield break;
        }

        foreach (var piece in new[] { 4 << 10, 16 << 10, 64 << 10, 1 << 20 })
        {
            yield return Kernel($"send.copied.{piece >> 10}K", directory, (file, socket) => SendCopied(file, socket, piece));
            yield return Kernel($"send.sendfile.{piece >> 10}K", directory, (file, socket) => SendFile(file, socket, piece));
        }
    }

    private static LimitKernel Kernel(string name, string directory, Action<SafeFileHandle, Socket> send)
    {
        var path = Path.Combine(directory, name);
        File.WriteAllBytes(path, new byte[FileBytes]);
        var file = File.OpenHandle(path);
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        socket.Connect(listener.LocalEndpoint);
        var reader = listener.AcceptSocket();
        new Thread(() => Drain(reader)) { IsBackground = true }.Start();
        return new LimitKernel(name, "GB/s", FileBytes, () => send(file, socket))
        {
            Cleanup = () =>
            {
                socket.Dispose();
                file.Dispose();
                File.Delete(path);
            },
        };
    }

    private static void SendCopied(SafeFileHandle file, Socket socket, int piece)
    {
        var buffer = new byte[piece];
        for (long at = 0; at < FileBytes; at += piece)
        {
            var length = RandomAccess.Read(file, buffer, at);
            for (var sent = 0; sent < length;)
            {
                sent += socket.Send(buffer.AsSpan(sent, length - sent));
            }
        }
    }

    private static void SendFile(SafeFileHandle file, Socket socket, int piece)
    {
        for (long at = 0; at < FileBytes;)
        {
            var end = at + piece;
            while (at < end)
            {
                if (SendFile((int)socket.Handle, (int)file.DangerousGetHandle(), ref at, (nint)(end - at)) < 0)
                {
                    throw new IOException($"sendfile: error {Marshal.GetLastPInvokeError()}");
                }
            }
        }
    }

    private static void Drain(Socket reader)
    {
        var buffer = new byte[1 << 20];
        while (reader.Receive(buffer) > 0)
        {
            // The bytes are of no use.
        }

        reader.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "sendfile", SetLastError = true)]
    private static partial nint SendFile(int socket, int file, ref long offset, nint count);
}
