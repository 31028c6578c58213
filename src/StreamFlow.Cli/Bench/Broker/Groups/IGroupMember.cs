namespace StreamFlow.Cli.Bench.Broker.Groups;

/// <summary>A member that does nothing but be one.</summary>
internal interface IGroupMember
{
    /// <summary>Joins, and stays until the token ends; then it leaves.</summary>
    Task RunAsync(CancellationToken stopping);
}
