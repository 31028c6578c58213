using Microsoft.Extensions.Logging;
using StreamFlow.Core.IO;
using StreamFlow.Storage.Flushing;

namespace StreamFlow.Storage;

/// <summary>What the logs of one data directory share.</summary>
internal sealed record LogContext(IFileSystem Files, TimeProvider Time, ILogger Logger, LogFlusher Flusher, LogManagerOptions Options)
{
    public long Now() => Time.GetUtcNow().ToUnixTimeMilliseconds();
}
