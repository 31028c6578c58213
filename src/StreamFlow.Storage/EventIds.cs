namespace StreamFlow.Storage;

/// <summary>Ids of log messages: 100 a room of this project, never reused.</summary>
internal static class EventIds
{
    public const int TailCut = 3000;
    public const int Damaged = 3001;
    public const int SnapshotFailed = 3002;
    public const int SyncFailed = 3003;

    public const int DirectoryOpened = 3100;
    public const int PartitionFailed = 3101;
    public const int MaintenanceFailed = 3102;

    public const int Cleaned = 3200;
    public const int CleaningFailed = 3201;
}
