namespace StreamFlow.Client;

/// <summary>What the cluster knows of one partition.</summary>
/// <param name="Partition">Its number, from 0.</param>
/// <param name="Leader">Broker id of the leader, -1 when there is none at the moment.</param>
/// <param name="LeaderEpoch">The leader's epoch, -1 when the broker does not tell.</param>
/// <param name="Replicas">Broker ids of all replicas.</param>
/// <param name="InSyncReplicas">Broker ids of the replicas in sync.</param>
public sealed record PartitionMetadata(
    int Partition, int Leader, int LeaderEpoch, IReadOnlyList<int> Replicas, IReadOnlyList<int> InSyncReplicas);
