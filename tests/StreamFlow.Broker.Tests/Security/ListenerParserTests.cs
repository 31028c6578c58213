using StreamFlow.Broker.Security;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Security;

namespace StreamFlow.Broker.Tests.Security;

public sealed class ListenerParserTests
{
    [Fact]
    public void Address_without_a_name_is_plaintext()
    {
        var listener = Assert.Single(Parse(("listeners", "127.0.0.1:9092")));

        Assert.Equal(("PLAINTEXT", SecurityProtocol.Plaintext, "127.0.0.1", 9092),
            (listener.Name, listener.Protocol, listener.Host, listener.Port));
    }

    [Fact]
    public void Names_get_their_protocol_from_the_map_or_are_one()
    {
        var listeners = Parse(
            ("listeners", "EXTERNAL://0.0.0.0:9093,ssl://[::1]:9094,INTERNAL://:9095"),
            ("listener.security.protocol.map", "EXTERNAL:SASL_SSL,internal:SASL_PLAINTEXT"),
            ("advertised.listeners", "EXTERNAL://broker.example:19093"));

        Assert.Equal([SecurityProtocol.SaslSsl, SecurityProtocol.Ssl, SecurityProtocol.SaslPlaintext], listeners.Select(l => l.Protocol));
        Assert.Equal("::1", listeners[1].Host);
        Assert.Equal(("broker.example", 19093), listeners[0].Advertised);
        Assert.Null(listeners[1].Advertised);
    }

    [Fact]
    public void Setting_of_a_listener_goes_before_the_general_one_and_that_of_a_mechanism_before_both()
    {
        var options = Options(
            ("listeners", "EXTERNAL://:9093"),
            ("listener.security.protocol.map", "EXTERNAL:SASL_SSL"),
            ("ssl.client.auth", "required"),
            ("connections.max.reauth.ms", "1"),
            ("listener.name.external.ssl.client.auth", "requested"),
            ("listener.name.external.connections.max.reauth.ms", "2"),
            ("listener.name.external.plain.connections.max.reauth.ms", "3"));

        var listener = Assert.Single(ListenerParser.Parse(options));

        Assert.Equal("requested", listener.Security.ClientAuth);
        Assert.Equal(2, listener.Security.MaxReauthMs);
        Assert.Equal(3, ListenerSecurity.Of(options, "EXTERNAL", "PLAIN").MaxReauthMs);
        Assert.Equal(2, ListenerSecurity.Of(options, "EXTERNAL", "SCRAM-SHA-256").MaxReauthMs);
    }

    [Theory]
    [InlineData("127.0.0.1", null, null)]
    [InlineData("OTHER://:9092", null, null)]
    [InlineData("A://:1,A://:2", "A:SSL", null)]
    [InlineData("A://:1", "A:TLS", null)]
    [InlineData("A://:1", "A:SSL", "B://host:1")]
    public void Contradictions_are_refused(string listeners, string? map, string? advertised) =>
        Assert.Throws<ConfigurationException>(() => Parse(
            ("listeners", listeners), ("listener.security.protocol.map", map ?? ""), ("advertised.listeners", advertised ?? "")));

    [Theory]
    [InlineData("listener.name.other.ssl.client.auth")]
    [InlineData("listener.name.plaintext.ssl.client.aut")]
    [InlineData("listener.name.plaintext.plan.sasl.jaas.config")]
    public void Setting_of_no_listener_is_refused_without_its_value(string key)
    {
        var error = Assert.Throws<ConfigurationException>(() => Parse(("listeners", "127.0.0.1:9092"), (key, "hunter2")));

        Assert.Contains(key, error.Message);
        Assert.DoesNotContain("hunter2", error.Message);
    }

    private static IReadOnlyList<Listener> Parse(params (string Key, string Value)[] settings) => ListenerParser.Parse(Options(settings));

    private static BrokerOptions Options(params (string Key, string Value)[] settings) =>
        BrokerOptions.FromProperties(settings.Select(s => KeyValuePair.Create(s.Key, s.Value)));
}
