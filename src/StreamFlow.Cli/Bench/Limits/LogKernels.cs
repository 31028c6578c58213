using StreamFlow.Core.IO;

namespace StreamFlow.Cli.Bench.Limits;

/// <summary>Appending to and reading from files.</summary>
internal static class LogKernels
{
    private const int Total = 64 << 20;
    private const int Syncs = 50;

    public static IEnumerable<LimitKernel> All(string directory)
    {
        foreach (var size in new[] { 4 << 10, 64 << 10, 1 << 20 })
        {
            yield return Append(directory, size);
        }

        foreach (var size in new[] { 4 << 10, 64 << 10 })
        {
            yield return WriteAndSync(directory, size);
        }

        yield return Read(directory);
    }

    private static LimitKernel Append(string directory, int size)
    {
        var file = SystemFileSystem.Instance.Open(Path.Combine(directory, $"append-{size}"));
        var bytes = new byte[size];
        return new($"append.{size >> 10}KiB", "GB/s", Total, () =>
        {
            file.SetLength(0);
            for (var position = 0L; position < Total; position += size)
            {
                file.Write(bytes, position);
            }
        }) { Cleanup = file.Dispose };
    }

    private static LimitKernel WriteAndSync(string directory, int size)
    {
        var file = SystemFileSystem.Instance.Open(Path.Combine(directory, $"sync-{size}"));
        var bytes = new byte[size];
        var position = 0L;
        return new($"write+fdatasync.{size >> 10}KiB", "ns/op", Syncs, () =>
        {
            for (var i = 0; i < Syncs; i++, position += size)
            {
                file.Write(bytes, position);
                file.Sync();
            }
        }) { WallTime = true, Cleanup = file.Dispose };
    }

    private static LimitKernel Read(string directory)
    {
        var file = SystemFileSystem.Instance.Open(Path.Combine(directory, "read"));
        var bytes = new byte[1 << 20];
        for (var position = 0L; position < Total; position += bytes.Length)
        {
            file.Write(bytes, position);
        }

        return new("read.page-cache", "GB/s", Total, () =>
        {
            for (var position = 0L; position < Total; position += bytes.Length)
            {
                file.Read(bytes, position);
            }
        }) { Cleanup = file.Dispose };
    }
}
