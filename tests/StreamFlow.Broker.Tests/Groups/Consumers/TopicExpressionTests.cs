using StreamFlow.Broker.Groups.Consumers;

namespace StreamFlow.Broker.Tests.Groups.Consumers;

public sealed class TopicExpressionTests
{
    [Theory]
    [InlineData("orders.*", "orders-eu", true)]
    [InlineData("orders", "orders-eu", false)]
    [InlineData("a|b", "b", true)]
    [InlineData("(?i)ORDERS", "orders", true)]
    [InlineData("(?P<name>x+)", "xx", true)]
    [InlineData(@"\Qa.b\E.", "a.bc", true)]
    [InlineData(@"\Qa.b\E.", "axbc", false)]
    [InlineData("[[:alpha:]]+", "abc", true)]
    [InlineData("[[:alpha:]]+", "abc1", false)]
    public void Expression_matches_the_whole_name(string text, string topic, bool expected)
    {
        Assert.True(TopicExpression.TryParse(text, out var expression, out _));
        Assert.Equal(expected, expression.Matches(topic));
    }

    [Theory]
    [InlineData("(")]
    [InlineData("(?=x)")]
    [InlineData(@"(a)\1")]
    public void Expression_that_cannot_be_matched_in_one_pass_is_refused(string text)
    {
        Assert.False(TopicExpression.TryParse(text, out _, out var problem));
        Assert.NotEmpty(problem);
    }
}
