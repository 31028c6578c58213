using StreamFlow.Broker.Security;
using StreamFlow.Broker.Security.Acls;
using StreamFlow.Core.Security;

namespace StreamFlow.Broker.Tests.Security;

/// <summary>
/// The rules of Kafka's StandardAuthorizer as a table: the ACLs, one a word as <c>permission:principal@host:operation:pattern</c> with a
/// star at the end of a pattern for a prefix, then what is asked about topic <c>orders</c>, then the verdict.
/// </summary>
public sealed class AclIndexTests
{
    [Theory]
    [InlineData("", "User:alice Read", "NoAcl")]
    [InlineData("allow:User:alice@*:Read:orders", "User:alice Read", "Allowed")]
    [InlineData("allow:User:alice@*:Read:orders", "User:bob Read", "NotAllowed")]
    [InlineData("allow:User:alice@*:Read:orders", "User:alice Write", "NotAllowed")]
    [InlineData("allow:User:alice@*:Read:other", "User:alice Read", "NoAcl")]
    [InlineData("allow:User:*@*:Read:orders", "User:bob Read", "Allowed")]
    [InlineData("allow:Group:alice@*:Read:orders", "User:alice Read", "NotAllowed")]
    [InlineData("allow:User:alice@*:All:orders", "User:alice Alter", "Allowed")]
    [InlineData("allow:User:alice@10.0.0.1:Read:orders", "User:alice Read", "NotAllowed")]
    [InlineData("allow:User:alice@127.0.0.1:Read:orders", "User:alice Read", "Allowed")]
    [InlineData("allow:User:alice@*:Read:**", "User:alice Read", "Allowed")]
    [InlineData("allow:User:alice@*:Read:or*", "User:alice Read", "Allowed")]
    [InlineData("allow:User:alice@*:Read:orders*", "User:alice Read", "Allowed")]
    [InlineData("allow:User:alice@*:Read:orders-*", "User:alice Read", "NoAcl")]
    [InlineData("allow:User:alice@*:Read:orders deny:User:alice@*:Read:orders", "User:alice Read", "Denied")]
    [InlineData("allow:User:alice@*:All:orders deny:User:*@*:Read:or*", "User:alice Read", "Denied")]
    [InlineData("allow:User:alice@*:All:orders deny:User:*@*:All:**", "User:alice Read", "Denied")]
    [InlineData("allow:User:alice@*:All:orders deny:User:*@10.0.0.1:All:**", "User:alice Read", "Allowed")]
    [InlineData("allow:User:*@*:Read:orders deny:User:alice@*:Write:orders", "User:alice Read", "Allowed")]
    [InlineData("allow:User:alice@*:Read:orders", "User:alice Describe", "Allowed")]
    [InlineData("allow:User:alice@*:Write:orders", "User:alice Describe", "Allowed")]
    [InlineData("allow:User:alice@*:Delete:orders", "User:alice Describe", "Allowed")]
    [InlineData("allow:User:alice@*:Alter:orders", "User:alice Describe", "Allowed")]
    [InlineData("allow:User:alice@*:Create:orders", "User:alice Describe", "NotAllowed")]
    [InlineData("allow:User:alice@*:AlterConfigs:orders", "User:alice DescribeConfigs", "Allowed")]
    [InlineData("allow:User:alice@*:AlterConfigs:orders", "User:alice Describe", "NotAllowed")]
    [InlineData("allow:User:alice@*:Describe:orders", "User:alice Read", "NotAllowed")]
    [InlineData("allow:User:alice@*:All:orders deny:User:alice@*:Read:orders", "User:alice Describe", "Allowed")]
    [InlineData("allow:User:alice@*:Read:orders deny:User:alice@*:Describe:orders", "User:alice Read", "Allowed")]
    [InlineData("allow:User:alice@*:Read:orders deny:User:alice@*:Describe:orders", "User:alice Describe", "Denied")]
    public void Verdict_follows_from_the_acls(string acls, string question, string verdict)
    {
        var (who, operation) = Read(question);

        Assert.Equal(
            Enum.Parse<AclVerdict>(verdict), Index(acls).Decide(who, "127.0.0.1", operation, AclResourceType.Topic, "orders"));
        Assert.Equal(AclVerdict.NoAcl, Index(acls).Decide(who, "127.0.0.1", operation, AclResourceType.Group, "orders"));
    }

    [Theory]
    [InlineData("", false)]
    [InlineData("allow:User:alice@*:Write:orders", true)]
    [InlineData("allow:User:alice@*:Write:or*", true)]
    [InlineData("allow:User:alice@*:Read:orders", false)]
    [InlineData("allow:User:bob@*:Write:orders", false)]
    [InlineData("allow:User:alice@*:Write:orders deny:User:alice@*:Write:orders", false)]
    [InlineData("allow:User:alice@*:Write:orders deny:User:alice@*:All:or*", false)]
    [InlineData("allow:User:alice@*:Write:or* deny:User:alice@*:Write:o*", false)]
    [InlineData("allow:User:alice@*:Write:or* deny:User:alice@*:Write:orders", true)]
    [InlineData("allow:User:alice@*:Write:** deny:User:alice@*:Write:o*", true)]
    [InlineData("allow:User:alice@*:Write:** deny:User:*@*:Write:**", false)]
    [InlineData("allow:User:alice@*:Write:orders allow:User:alice@*:Write:bills deny:User:*@*:Write:or*", true)]
    public void Some_topic_may_be_written_to(string acls, bool isAllowed) => Assert.Equal(
        isAllowed,
        Index(acls).DecideAny(Principal.User("alice"), "127.0.0.1", AclOperation.Write, AclResourceType.Topic) == AclVerdict.Allowed);

    private static (Principal Who, AclOperation Operation) Read(string question)
    {
        var words = question.Split(' ');
        return (Principal.TryParse(words[0])!.Value, Enum.Parse<AclOperation>(words[1]));
    }

    private static AclIndex Index(string acls) => new(acls.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Parse));

    private static AclBinding Parse(string word)
    {
        var at = word.IndexOf('@');
        var first = word[..at].Split(':', 2);
        var rest = word[(at + 1)..].Split(':');
        var isEverything = rest[2] == "**";
        var isPrefix = !isEverything && rest[2].EndsWith('*');
        return new AclBinding(
            AclResourceType.Topic, isEverything ? "*" : rest[2].TrimEnd('*'), isPrefix ? AclPatternType.Prefixed : AclPatternType.Literal,
            first[1], rest[0], Enum.Parse<AclOperation>(rest[1]), Enum.Parse<AclPermission>(first[0], ignoreCase: true));
    }
}
