using StreamFlow.Broker.Security.Tls;
using StreamFlow.Core.Errors;

namespace StreamFlow.Broker.Tests.Security;

public sealed class PrincipalMapperTests
{
    private const string Alice = "CN=Alice,OU=Accounts,O=Example,C=DE";

    [Theory]
    [InlineData("DEFAULT", Alice)]
    [InlineData("", Alice)]
    [InlineData("RULE:^CN=([^,]+).*$/$1/", "Alice")]
    [InlineData("RULE:^CN=([^,]+).*$/$1/L", "alice")]
    [InlineData("RULE:^CN=([^,]+).*$/$1/U", "ALICE")]
    [InlineData("RULE:^CN=Bob.*$/bob/,RULE:^.*OU=([^,]+),.*$/$1/L,DEFAULT", "accounts")]
    [InlineData("RULE:^CN=Bob.*$/bob/, DEFAULT", Alice)]
    [InlineData("RULE:^CN=Bob.*$/bob/", Alice)]
    [InlineData("RULE:^CN=(\\w+),OU=(\\w+),.*$/$1@$2/", "Alice@Accounts")]
    public void First_rule_that_fits_makes_the_name(string rules, string name) =>
        Assert.Equal(name, PrincipalMapper.Parse(rules).Map(Alice));

    [Theory]
    [InlineData("RULE:^CN=(.*)$/$1/X")]
    [InlineData("RULE:onlyapattern")]
    [InlineData("NONSENSE")]
    [InlineData("RULE:([/$1/")]
    public void Rules_that_cannot_be_read_are_refused(string rules) =>
        Assert.Throws<ConfigurationException>(() => PrincipalMapper.Parse(rules));
}
