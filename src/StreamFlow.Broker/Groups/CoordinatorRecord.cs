using StreamFlow.Protocol;

namespace StreamFlow.Broker.Groups;

/// <summary>A record of <c>__consumer_offsets</c>: what a group remembers under one key.</summary>
/// <param name="Key">Which kind of thing, and which one.</param>
/// <param name="Value">What is remembered; null forgets it.</param>
/// <param name="Version">The layout of the value.</param>
internal sealed record CoordinatorRecord(IRecordKey Key, IVersioned? Value, short Version = 0);
