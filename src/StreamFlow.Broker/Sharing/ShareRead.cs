using StreamFlow.Core.Errors;
using StreamFlow.Storage;

namespace StreamFlow.Broker.Sharing;

/// <summary>What a member gets of one share partition.</summary>
/// <param name="Error">Why it gets nothing.</param>
/// <param name="Records">The batches that the records are in; others may be among them.</param>
/// <param name="Acquired">The records that are the member's now.</param>
internal readonly record struct ShareRead(ErrorCode Error, LogReadResult Records, IReadOnlyList<AcquiredRange> Acquired)
{
    public static ShareRead Nothing { get; } = new(ErrorCode.None, default, []);

    public static ShareRead Failed(ErrorCode error) => new(error, default, []);
}
