using System.Diagnostics.CodeAnalysis;

namespace StreamFlow.Streams.Processors.Joins;

/// <summary>Reads a table-table join without a store of its own by joining the current rows of its inputs.</summary>
internal sealed class JoinedTableReader<TKey, TLeft, TRight, TResult>(
    ITableReader<TKey, TLeft> left,
    ITableReader<TKey, TRight> right,
    Func<TLeft, TRight, TResult> join,
    bool isLeftRequired,
    bool isRightRequired)
    : ITableReader<TKey, TResult>
{
    public bool IsVersioned => false;

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TResult value, out long timestamp)
    {
        var hasLeft = left.TryGet(key, out var leftValue, out var leftTimestamp);
        var hasRight = right.TryGet(key, out var rightValue, out var rightTimestamp);
        timestamp = Math.Max(hasLeft ? leftTimestamp : -1, hasRight ? rightTimestamp : -1);
        if ((isLeftRequired && !hasLeft) || (isRightRequired && !hasRight) || (!hasLeft && !hasRight))
        {
            value = default;
            return false;
        }

        value = join(leftValue!, rightValue!);
        return value is not null;
    }

    public bool TryGetAsOf(TKey key, long asOf, [MaybeNullWhen(false)] out TResult value, out long timestamp) =>
        TryGet(key, out value, out timestamp);
}
