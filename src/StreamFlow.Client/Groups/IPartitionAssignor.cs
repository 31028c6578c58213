namespace StreamFlow.Client.Groups;

/// <summary>
/// Distributes a group's partitions over its members; runs in the member that leads. The consumer calls an assignor from one thread at a
/// time, inside of <see cref="Consuming.IConsumer.PollAsync"/> and between polls while the member is joining.
/// </summary>
public interface IPartitionAssignor
{
    /// <summary>The protocol name that members must share.</summary>
    string Name { get; }

    /// <summary>How members give up partitions.</summary>
    RebalanceProtocol Protocol { get; }

    /// <summary>Data to send along when this member joins, null for none.</summary>
    /// <param name="topics">The member's subscription.</param>
    byte[]? GetUserData(IReadOnlyCollection<string> topics) => null;

    /// <summary>Computes every member's partitions. Called in the leader only; may create topics and the like before it answers.</summary>
    /// <param name="context">Members and topics.</param>
    /// <param name="cancellationToken">Cancelled when the member leaves.</param>
    /// <returns>An entry for every member.</returns>
    ValueTask<IReadOnlyDictionary<string, MemberAssignment>> AssignAsync(
        GroupAssignmentContext context, CancellationToken cancellationToken);

    /// <summary>Called in every member when it has received its assignment, before the listener is called.</summary>
    /// <param name="assignment">The member's assignment.</param>
    /// <param name="group">The member's place in the new generation.</param>
    void OnAssignment(MemberAssignment assignment, ConsumerGroupMetadata group)
    {
    }
}
