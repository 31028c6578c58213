using StreamFlow.Storage.Checkpoints;
using StreamFlow.Storage.Producers;
using StreamFlow.Storage.Segments;

namespace StreamFlow.Storage.Recovery;

/// <summary>What the loader found in a partition's directory.</summary>
internal sealed record LoadedLog(
    List<LogSegment> Segments,
    long LogStartOffset,
    long LogEndOffset,
    long DurableOffset,
    ProducerStateManager Producers,
    LeaderEpochCache Epochs,
    List<LogDamage> Damages);
