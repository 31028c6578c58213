namespace StreamFlow.Broker;

/// <summary>The ids of the broker's log messages, in bands of a hundred per room.</summary>
internal static class EventIds
{
    public const int Started = 1000;
    public const int Stopped = 1001;
    public const int BackgroundWorkFailed = 1002;
    public const int RequestFailed = 1003;
    public const int TimerFailed = 1004;
    public const int SettingUnused = 1005;

    public const int ConnectionRefused = 1100;
    public const int ConnectionFailed = 1101;
    public const int Listening = 1102;
    public const int AuthenticationFailed = 1103;
    public const int KeySetUnreadable = 1104;
    public const int CertificatesReplaced = 1105;
    public const int CertificatesUnusable = 1106;

    public const int TopicCreated = 1200;
    public const int TopicDeleted = 1201;
    public const int StrayLog = 1202;
    public const int OpenFailed = 1203;
    public const int DeleteFailed = 1204;
    public const int CheckpointFailed = 1205;

    public const int AppendFailed = 1300;
    public const int FlushFailed = 1301;
    public const int ReadFailed = 1302;
    public const int AppendsAgain = 1303;

    public const int GroupsReplayed = 1400;
    public const int RecordSkipped = 1401;

    public const int TransactionsReplayed = 1500;
    public const int TransactionTimedOut = 1501;
    public const int MarkersFailed = 1502;

    public const int ShareStatesReplayed = 1600;
    public const int ShareStatesNotPruned = 1601;
}
