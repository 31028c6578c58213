using System.Collections.Immutable;

namespace StreamFlow.Broker.Groups.Streams;

/// <summary>
/// Takes a member one step nearer to its target assignment (KIP-1071): first it gives up the tasks it shall not have, and says so; then
/// it goes to the target's epoch and gets what it shall have, as soon as nobody else has it. An active task has to be free of every
/// process; a copy of a state only has to be free of the member's own process, which keeps one state of a task in its directory.
/// </summary>
/// <param name="member">The member.</param>
/// <param name="targetEpoch">The epoch of the target assignment.</param>
/// <param name="target">What the member shall have.</param>
/// <param name="owned">What the member says it has; null when it does not say.</param>
/// <param name="members">Everybody in the group.</param>
internal sealed class StreamsReconciliation(
    StreamsMember member, int targetEpoch, StreamsTasks target, StreamsTasks? owned, IEnumerable<StreamsMember> members)
{
    private readonly HashSet<StreamsTask> _active = [];
    private readonly HashSet<StreamsTask> _ofProcess = [];

    /// <summary>The member after the step; the same object when there is nothing to do.</summary>
    public StreamsMember Advance()
    {
        switch (member.State)
        {
            case StreamsMemberState.Stable when member.Epoch == targetEpoch:
            case StreamsMemberState.UnrevokedTasks when StillOwns(member.Revoking):
                return member;
            case StreamsMemberState.UnrevokedTasks:
                // One revocation may follow another; each has an epoch of its own.
                return Next(member.Epoch + 1, HeldTasks.None);
            default:
                return Next(member.Epoch, member.Revoking);
        }
    }

    /// <param name="revokingEpoch">The member's epoch should there be something to give up.</param>
    /// <param name="stillRevoking">What the member has yet to give up.</param>
    private StreamsMember Next(int revokingEpoch, HeldTasks stillRevoking)
    {
        var revoking = new HeldTasks
        {
            Active = member.Assigned.Active.RemoveRange(target.Active),
            Standby = member.Assigned.Standby.Except(target.Standby),
            Warmup = member.Assigned.Warmup.Except(target.Warmup),
        };
        var kept = new HeldTasks
        {
            Active = member.Assigned.Active.RemoveRange(revoking.Active.Keys),
            Standby = member.Assigned.Standby.Intersect(target.Standby),
            Warmup = member.Assigned.Warmup.Intersect(target.Warmup),
        };
        if (!revoking.IsEmpty && StillOwns(revoking))
        {
            return Result(revokingEpoch, StreamsMemberState.UnrevokedTasks, kept, revoking);
        }

        NoteHeld(member with { Assigned = kept, Revoking = stillRevoking });
        var active = target.Active.Except(kept.Active.Keys);
        var standby = target.Standby.Except(kept.Standby);
        var warmup = target.Warmup.Except(kept.Warmup);
        var assigned = new HeldTasks
        {
            Active = kept.Active.AddRange(active.Where(t => !_active.Contains(t) && !_ofProcess.Contains(t))
                .Select(t => KeyValuePair.Create(t, targetEpoch))),
            Standby = kept.Standby.Union(standby.Except(_ofProcess)),
            Warmup = kept.Warmup.Union(warmup.Except(_ofProcess)),
        };
        var mustWait = assigned.Active.Count < target.Active.Count || assigned.Standby.Count < target.Standby.Count
            || assigned.Warmup.Count < target.Warmup.Count;
        return Result(targetEpoch, mustWait ? StreamsMemberState.UnreleasedTasks : StreamsMemberState.Stable, assigned, HeldTasks.None);
    }

    private void NoteHeld(StreamsMember self)
    {
        foreach (var one in members.Where(m => m.MemberId != self.MemberId).Append(self))
        {
            foreach (var held in (HeldTasks[])[one.Assigned, one.Revoking])
            {
                _active.UnionWith(held.Active.Keys);
                if (one.ProcessId == member.ProcessId)
                {
                    _ofProcess.UnionWith(held.Active.Keys.Concat(held.Standby).Concat(held.Warmup));
                }
            }
        }
    }

    private StreamsMember Result(int epoch, StreamsMemberState state, HeldTasks assigned, HeldTasks revoking)
    {
        var next = member with
        {
            State = state,
            Assigned = assigned,
            Revoking = revoking,
            Epoch = epoch,
            PreviousEpoch = epoch == member.Epoch ? member.PreviousEpoch : member.Epoch,
        };
        return next.HoldsSameAs(member) ? member : next;
    }

    /// <summary>A member that does not say what it has may have everything.</summary>
    private bool StillOwns(HeldTasks tasks) => owned is null || owned.ContainsAnyOf(tasks);
}
