using StreamFlow.Storage.Flushing;

namespace StreamFlow.Storage.Tests.Flushing;

public sealed class FlushGroupTests
{
    [Fact]
    public void Requests_that_come_one_by_one_never_wait()
    {
        var group = default(FlushGroup);
        for (var i = 0; i < 3; i++)
        {
            Assert.False(group.IsWorthWaiting);
            group.Join();
            group.Close();
        }
    }

    [Fact]
    public void Group_waits_for_as_many_requests_as_the_last_one_had()
    {
        var group = Closed(3);

        Assert.True(group.IsWorthWaiting);
        Assert.False(group.Join());
        Assert.False(group.Join());
        Assert.True(group.Join());
        Assert.False(group.Join());
    }

    [Fact]
    public void Group_that_came_in_part_is_not_waited_for_again()
    {
        var group = Closed(3);

        group.Join();
        group.Close();

        Assert.False(group.IsWorthWaiting);
    }

    private static FlushGroup Closed(int requests)
    {
        var group = default(FlushGroup);
        for (var i = 0; i < requests; i++)
        {
            group.Join();
        }

        group.Close();
        return group;
    }
}
