using StreamFlow.Broker.Groups;

namespace StreamFlow.Broker.Tests.Groups;

public sealed class ClassicGroupTests
{
    private static readonly GroupSettings NoDelay = new() { InitialRebalanceDelayMs = 0 };

    [Fact]
    public void First_rebalance_waits_for_more_members_and_is_drawn_out_by_them() => Check(
        """
        join a
        wait 2000
        join b
        wait 1000
        wait 3000
        sync b
        sync a assign=a:1,b:2
        heartbeat b
        """,
        """
        > join a
          [PreparingRebalance generation 0 members 1]
        > wait 2000
          [PreparingRebalance generation 0 members 1]
        > join b
          [PreparingRebalance generation 0 members 2]
        > wait 1000
          [PreparingRebalance generation 0 members 2]
        > wait 3000
          join a: member a generation 1 protocol range leader a members [a:x b:x]
          join b: member b generation 1 protocol range leader a
          [CompletingRebalance generation 1 members 2 at 6000]
          [CompletingRebalance generation 1 members 2]
        > sync b
          [CompletingRebalance generation 1 members 2]
        > sync a assign=a:1,b:2
          sync a: assignment '1'
          sync b: assignment '2'
          [Stable generation 1 members 2 stored]
        > heartbeat b
          None
          [Stable generation 1 members 2]
        """,
        new GroupSettings());

    [Fact]
    public void New_member_is_sent_back_for_an_id_and_counts_once_it_has_come_back() => Check(
        """
        join a known=yes
        join a id=a known=yes
        sync a assign=a:1
        join b known=yes
        join b id=zzz known=yes
        wait 10001
        """,
        """
        > join a known=yes
          join a: MemberIdRequired member a
          [Empty generation 0 members 0]
        > join a id=a known=yes
          join a: member a generation 1 protocol range leader a members [a:x]
          [CompletingRebalance generation 1 members 1]
        > sync a assign=a:1
          sync a: assignment '1'
          [Stable generation 1 members 1 stored]
        > join b known=yes
          join b: MemberIdRequired member b
          [Stable generation 1 members 1]
        > join b id=zzz known=yes
          join b: UnknownMemberId member zzz
          [Stable generation 1 members 1]
        > wait 10001
          [Empty generation 2 members 0 stored at 10000]
          [Empty generation 2 members 0]
        """);

    [Fact]
    public void Silent_member_is_dropped_and_the_others_rebalance() => Check(
        """
        join a session=60000
        sync a assign=a:1
        join b session=6000
        join a id=a session=60000
        sync a assign=a:1,b:2
        sync b
        wait 6001
        heartbeat a
        join a id=a session=60000
        """,
        """
        > join a session=60000
          join a: member a generation 1 protocol range leader a members [a:x]
          [CompletingRebalance generation 1 members 1]
        > sync a assign=a:1
          sync a: assignment '1'
          [Stable generation 1 members 1 stored]
        > join b session=6000
          [PreparingRebalance generation 1 members 2]
        > join a id=a session=60000
          join a: member a generation 2 protocol range leader a members [a:x b:x]
          join b: member b generation 2 protocol range leader a
          [CompletingRebalance generation 2 members 2]
        > sync a assign=a:1,b:2
          sync a: assignment '1'
          [Stable generation 2 members 2 stored]
        > sync b
          sync b: assignment '2'
          [Stable generation 2 members 2]
        > wait 6001
          [PreparingRebalance generation 2 members 1]
        > heartbeat a
          RebalanceInProgress
          [PreparingRebalance generation 2 members 1]
        > join a id=a session=60000
          join a: member a generation 3 protocol range leader a members [a:x]
          [CompletingRebalance generation 3 members 1]
        """);

    [Fact]
    public void Member_that_does_not_rejoin_in_time_is_out() => Check(
        """
        join a session=100000 rebalance=20000
        sync a assign=a:1
        join b session=100000 rebalance=20000
        wait 20000
        heartbeat a
        """,
        """
        > join a session=100000 rebalance=20000
          join a: member a generation 1 protocol range leader a members [a:x]
          [CompletingRebalance generation 1 members 1]
        > sync a assign=a:1
          sync a: assignment '1'
          [Stable generation 1 members 1 stored]
        > join b session=100000 rebalance=20000
          [PreparingRebalance generation 1 members 2]
        > wait 20000
          join b: member b generation 2 protocol range leader b members [b:x]
          [CompletingRebalance generation 2 members 1 at 20000]
          [CompletingRebalance generation 2 members 1]
        > heartbeat a
          UnknownMemberId
          [CompletingRebalance generation 2 members 1]
        """);

    [Fact]
    public void Leader_that_never_syncs_is_dropped_with_all_that_owe_a_sync() => Check(
        """
        join a session=100000 rebalance=20000
        wait 20000
        join b session=100000
        """,
        """
        > join a session=100000 rebalance=20000
          join a: member a generation 1 protocol range leader a members [a:x]
          [CompletingRebalance generation 1 members 1]
        > wait 20000
          [Empty generation 2 members 0 stored at 20000]
          [Empty generation 2 members 0]
        > join b session=100000
          join b: member b generation 3 protocol range leader b members [b:x]
          [CompletingRebalance generation 3 members 1]
        """);

    [Fact]
    public void Static_member_comes_back_without_a_rebalance_and_fences_its_older_self() => Check(
        """
        join a1 instance=a
        sync a1 instance=a assign=a1:1
        join a2 instance=a skip=yes
        sync a2 instance=a
        heartbeat a1 instance=a
        heartbeat a2 instance=a
        join a3 instance=a protocols=range:other
        leave - instance=a
        """,
        """
        > join a1 instance=a
          join a1: member a1 generation 1 protocol range leader a1 members [a1:x]
          [CompletingRebalance generation 1 members 1]
        > sync a1 instance=a assign=a1:1
          sync a1: assignment '1'
          [Stable generation 1 members 1 stored]
        > join a2 instance=a skip=yes
          join a2: member a2 generation 1 protocol range leader a2 skip-assignment members [a2:x]
          [Stable generation 1 members 1 stored]
        > sync a2 instance=a
          sync a2: assignment '1'
          [Stable generation 1 members 1]
        > heartbeat a1 instance=a
          FencedInstanceId
          [Stable generation 1 members 1]
        > heartbeat a2 instance=a
          None
          [Stable generation 1 members 1]
        > join a3 instance=a protocols=range:other
          join a3: member a3 generation 2 protocol range leader a3 members [a3:other]
          [CompletingRebalance generation 2 members 1]
        > leave - instance=a
          None
          [Empty generation 3 members 0 stored]
        """);

    [Fact]
    public void Strategy_with_most_votes_among_the_common_ones_is_chosen() => Check(
        """
        join a protocols=roundrobin:1,range:2
        sync a assign=a:1
        join b protocols=range:3,roundrobin:4
        join c protocols=range:5
        join d protocols=sticky:6
        join e type=connect
        join a id=a protocols=roundrobin:1,range:2
        """,
        """
        > join a protocols=roundrobin:1,range:2
          join a: member a generation 1 protocol roundrobin leader a members [a:1]
          [CompletingRebalance generation 1 members 1]
        > sync a assign=a:1
          sync a: assignment '1'
          [Stable generation 1 members 1 stored]
        > join b protocols=range:3,roundrobin:4
          [PreparingRebalance generation 1 members 2]
        > join c protocols=range:5
          [PreparingRebalance generation 1 members 3]
        > join d protocols=sticky:6
          join d: InconsistentGroupProtocol member 
          [PreparingRebalance generation 1 members 3]
        > join e type=connect
          join e: InconsistentGroupProtocol member 
          [PreparingRebalance generation 1 members 3]
        > join a id=a protocols=roundrobin:1,range:2
          join a: member a generation 2 protocol range leader a members [a:2 b:3 c:5]
          join b: member b generation 2 protocol range leader a
          join c: member c generation 2 protocol range leader a
          [CompletingRebalance generation 2 members 3]
        """);

    [Fact]
    public void Commits_are_checked_against_member_and_generation() => Check(
        """
        commit - generation=-1
        commit a generation=0
        join a
        commit a generation=1
        sync a assign=a:1
        commit a generation=1
        commit a generation=7
        commit b generation=1
        commit - generation=-1
        commit - generation=-1 txn=yes
        """,
        """
        > commit - generation=-1
          None
          [Empty generation 0 members 0]
        > commit a generation=0
          IllegalGeneration
          [Empty generation 0 members 0]
        > join a
          join a: member a generation 1 protocol range leader a members [a:x]
          [CompletingRebalance generation 1 members 1]
        > commit a generation=1
          RebalanceInProgress
          [CompletingRebalance generation 1 members 1]
        > sync a assign=a:1
          sync a: assignment '1'
          [Stable generation 1 members 1 stored]
        > commit a generation=1
          None
          [Stable generation 1 members 1]
        > commit a generation=7
          IllegalGeneration
          [Stable generation 1 members 1]
        > commit b generation=1
          UnknownMemberId
          [Stable generation 1 members 1]
        > commit - generation=-1
          UnknownMemberId
          [Stable generation 1 members 1]
        > commit - generation=-1 txn=yes
          None
          [Stable generation 1 members 1]
        """);

    [Fact]
    public void Sync_of_a_rebalance_that_begins_anew_has_to_join_again() => Check(
        """
        join a
        sync a assign=a:1
        join b
        join a id=a
        sync b
        join c
        """,
        """
        > join a
          join a: member a generation 1 protocol range leader a members [a:x]
          [CompletingRebalance generation 1 members 1]
        > sync a assign=a:1
          sync a: assignment '1'
          [Stable generation 1 members 1 stored]
        > join b
          [PreparingRebalance generation 1 members 2]
        > join a id=a
          join a: member a generation 2 protocol range leader a members [a:x b:x]
          join b: member b generation 2 protocol range leader a
          [CompletingRebalance generation 2 members 2]
        > sync b
          [CompletingRebalance generation 2 members 2]
        > join c
          sync b: RebalanceInProgress
          [PreparingRebalance generation 2 members 3]
        """);

    private static void Check(string commands, string transcript, GroupSettings? settings = null) =>
        Assert.Equal(transcript.ReplaceLineEndings("\n") + "\n", GroupScript.Run(commands, settings ?? NoDelay));
}
