using StreamFlow.Client.Consuming;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Topics;
using StreamFlow.Protocol;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Client.Tests.Consuming;

public sealed class FetchSessionTests
{
    private readonly FetchSession _session = new();

    [Fact]
    public void Only_changed_offsets_are_named_and_what_is_not_wanted_is_forgotten()
    {
        Assert.Equal("0/0 a-0@0 a-1@0 b-0@0", Prepare(("a", 0, 0), ("b", 0, 0), ("a", 1, 0)));
        Answer(7);
        Assert.Equal("7/1 a-1@5", Prepare(("a", 0, 0), ("b", 0, 0), ("a", 1, 5)));
        Answer(7);
        Assert.Equal("7/2 -b-0", Prepare(("a", 0, 0), ("a", 1, 5)));
        Answer(7);
        Assert.Equal("7/3 b-0@0", Prepare(("a", 0, 0), ("a", 1, 5), ("b", 0, 0)));
    }

    [Fact]
    public void Broker_without_sessions_is_asked_for_everything_each_time()
    {
        Assert.Equal("0/0 a-0@0", Prepare(("a", 0, 0)));
        Answer(0);
        Assert.Equal("0/0 a-0@0", Prepare(("a", 0, 0)));
    }

    [Theory]
    [InlineData(ErrorCode.FetchSessionIdNotFound, "0/0 a-0@0")]
    [InlineData(ErrorCode.InvalidFetchSessionEpoch, "7/0 a-0@0")]
    [InlineData(ErrorCode.FetchSessionTopicIdError, "7/0 a-0@0")]
    public void Lost_session_is_begun_anew(ErrorCode error, string next)
    {
        Prepare(("a", 0, 0));
        Answer(7);
        Prepare(("a", 0, 0));

        Assert.False(_session.OnResponse(new FetchResponse { ErrorCode = error }, 1));
        Assert.Equal(next, Prepare(("a", 0, 0)));
        Assert.Throws<BrokerException>(() => _session.OnResponse(new FetchResponse { ErrorCode = error }, 1));
    }

    [Fact]
    public void Lost_answer_ends_the_session()
    {
        Prepare(("a", 0, 0));
        Answer(7);
        Prepare(("a", 0, 3));
        _session.OnFailure();
        Assert.Equal("7/0 a-0@3", Prepare(("a", 0, 3)));
    }

    [Fact]
    public void End_of_a_partition_is_remembered_while_nothing_is_told_of_it()
    {
        var partition = new TopicPartition("a", 0);
        Prepare(("a", 0, 0));
        Answer(7);
        _session.SetEndOffset(partition, 12);
        Prepare(("a", 0, 0));
        Assert.Equal(12, _session.EndOffsetOf(partition));
        _session.OnFailure();
        Prepare(("a", 0, 0));
        Assert.Null(_session.EndOffsetOf(partition));
    }

    private void Answer(int session) => Assert.True(_session.OnResponse(new FetchResponse { SessionId = session }, 1));

    private string Prepare(params (string Topic, int Partition, long Offset)[] wanted)
    {
        var request = new FetchRequest();
        _session.Prepare(
            request, new MessageArena(), [.. wanted.Select(w => new AskedPartition(new TopicPartition(w.Topic, w.Partition), w.Offset, 0))], 1000);
        return string.Join(
            ' ',
            [
                $"{request.SessionId}/{request.SessionEpoch}",
                .. request.Topics.SelectMany(t => t.Partitions.Select(p => $"{t.Topic}-{p.Partition}@{p.FetchOffset}")),
                .. request.ForgottenTopicsData.SelectMany(t => t.Partitions.Select(p => $"-{t.Topic}-{p}")),
            ]);
    }
}
