using StreamFlow.Core.Records;

namespace StreamFlow.Broker.Partitions;

/// <summary>What a coordinator does with each record of its log when it loads.</summary>
internal interface ILogReplay
{
    /// <summary>A record, in the order of the log.</summary>
    void OnRecord(in RecordBatchView batch, in RecordView record);

    /// <summary>A producer's transaction ended here.</summary>
    void OnMarker(long producerId, bool isCommit);
}
