using System.Buffers.Binary;
using System.Text;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Tests.Security;

/// <summary>What a connection may do before, during and after its authentication.</summary>
public sealed class SaslConnectionTests
{
    [Fact]
    public async Task Request_before_authentication_closes_the_connection()
    {
        await using var broker = await StartAsync();
        using var client = await RawClient.ConnectAsync(broker);

        Assert.NotEmpty((await RawClient.AskAsync(client, new ApiVersionsRequest { ClientSoftwareName = "t", ClientSoftwareVersion = "1" }, 3))!.ApiKeys);
        Assert.Null(await RawClient.AskAsync(client, new MetadataRequest { Topics = null }, 9));
    }

    [Fact]
    public async Task Authenticated_client_is_served()
    {
        await using var broker = await StartAsync();
        using var client = await RawClient.ConnectAsync(broker);

        Assert.Equal(ErrorCode.None, (await RawClient.AskAsync(client, new SaslHandshakeRequest { Mechanism = "PLAIN" }, 1))!.ErrorCode);
        Assert.Equal(ErrorCode.None, (await RawClient.AskAsync(client, Plain("alice", "secret"), 2))!.ErrorCode);
        Assert.NotEmpty((await RawClient.AskAsync(client, new MetadataRequest { Topics = null }, 9))!.Brokers);
    }

    [Theory]
    [InlineData("alice", "wrong")]
    [InlineData("bob", "secret")]
    [InlineData("alice", "")]
    public async Task Wrong_password_is_answered_and_closes_the_connection(string user, string password)
    {
        await using var broker = await StartAsync();
        using var client = await RawClient.ConnectAsync(broker);

        await RawClient.AskAsync(client, new SaslHandshakeRequest { Mechanism = "PLAIN" }, 1);
        var refused = await RawClient.AskAsync(client, Plain(user, password), 2);

        Assert.Equal(ErrorCode.SaslAuthenticationFailed, refused!.ErrorCode);
        Assert.DoesNotContain("secret", refused.ErrorMessage);
        Assert.Null(await RawClient.AskAsync(client, new MetadataRequest { Topics = null }, 9));
    }

    [Fact]
    public async Task Unknown_mechanism_is_answered_with_those_there_are()
    {
        await using var broker = await StartAsync();
        using var client = await RawClient.ConnectAsync(broker);

        var response = await RawClient.AskAsync(client, new SaslHandshakeRequest { Mechanism = "GSSAPI" }, 1);

        Assert.Equal(ErrorCode.UnsupportedSaslMechanism, response!.ErrorCode);
        Assert.Equal(["PLAIN", "SCRAM-SHA-256"], response.Mechanisms);
    }

    [Fact]
    public async Task Token_without_a_handshake_is_refused()
    {
        await using var broker = await StartAsync();
        using var client = await RawClient.ConnectAsync(broker);

        Assert.Equal(ErrorCode.IllegalSaslState, (await RawClient.AskAsync(client, Plain("alice", "secret"), 2))!.ErrorCode);
        Assert.Null(await RawClient.AskAsync(client, new SaslHandshakeRequest { Mechanism = "PLAIN" }, 1));
    }

    [Fact]
    public async Task After_a_handshake_of_version_0_tokens_are_bare_frames()
    {
        await using var broker = await StartAsync();
        using var client = await RawClient.ConnectAsync(broker);

        await RawClient.AskAsync(client, new SaslHandshakeRequest { Mechanism = "PLAIN" }, 0);
        var token = Encoding.UTF8.GetBytes("\0alice\0secret");
        var frame = new byte[4 + token.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, token.Length);
        token.CopyTo(frame, 4);
        await client.GetStream().WriteAsync(frame);

        Assert.Empty((await RawClient.ReadAsync(client))!);
        Assert.NotEmpty((await RawClient.AskAsync(client, new MetadataRequest { Topics = null }, 9))!.Brokers);
    }

    [Fact]
    public async Task Large_frame_before_authentication_closes_the_connection()
    {
        await using var broker = await StartAsync(("sasl.server.max.receive.size", "1000"));
        using var client = await RawClient.ConnectAsync(broker);

        await client.GetStream().WriteAsync(new byte[] { 0, 0, 4, 0, 0, 36 });

        Assert.Null(await RawClient.ReadAsync(client));
    }

    [Fact]
    public async Task Client_that_says_nothing_is_let_go()
    {
        await using var broker = await StartAsync(("connection.authentication.timeout.ms", "50"));
        using var client = await RawClient.ConnectAsync(broker);

        Assert.Null(await RawClient.ReadAsync(client));
    }

    [Fact]
    public async Task Session_that_has_ended_serves_only_a_new_authentication_as_the_same_user()
    {
        await using var broker = await StartAsync(("connections.max.reauth.ms", "1"));
        using var client = await RawClient.ConnectAsync(broker);
        await RawClient.AskAsync(client, new SaslHandshakeRequest { Mechanism = "PLAIN" }, 1);
        Assert.Equal(1, (await RawClient.AskAsync(client, Plain("alice", "secret"), 2))!.SessionLifetimeMs);

        // A millisecond has surely gone by when the answer has come through the socket twice.
        Assert.Equal(ErrorCode.None, (await RawClient.AskAsync(client, new SaslHandshakeRequest { Mechanism = "PLAIN" }, 1))!.ErrorCode);
        Assert.Equal(ErrorCode.SaslAuthenticationFailed, (await RawClient.AskAsync(client, Plain("carol", "secret"), 2))!.ErrorCode);
        Assert.Null(await RawClient.AskAsync(client, new MetadataRequest { Topics = null }, 9));
    }

    [Fact]
    public async Task Handshake_on_a_listener_without_sasl_is_out_of_place()
    {
        await using var broker = await TestBroker.StartAsync(listen: true);
        using var client = await RawClient.ConnectAsync(broker);

        Assert.Equal(ErrorCode.IllegalSaslState, (await RawClient.AskAsync(client, new SaslHandshakeRequest { Mechanism = "PLAIN" }, 1))!.ErrorCode);
        Assert.NotEmpty((await RawClient.AskAsync(client, new MetadataRequest { Topics = null }, 9))!.Brokers);
    }

    [Fact]
    public async Task Connections_of_one_address_are_limited()
    {
        await using var broker = await TestBroker.StartAsync(
            o => o with { MaxConnectionsPerIpOverrides = ["127.0.0.1:1"] }, listen: true);
        using (var first = await RawClient.ConnectAsync(broker))
        {
            Assert.NotEmpty((await RawClient.AskAsync(first, new MetadataRequest { Topics = null }, 9))!.Brokers);
            using var second = await RawClient.ConnectAsync(broker);
            Assert.Null(await RawClient.ReadAsync(second));
        }
    }

    private static Task<TestBroker> StartAsync(params (string Key, string Value)[] more) => TestBroker.StartAsync(o =>
        BrokerOptions.FromProperties(
            new Dictionary<string, string>
            {
                ["listeners"] = "SASL_PLAINTEXT://127.0.0.1:0",
                ["sasl.enabled.mechanisms"] = "PLAIN,SCRAM-SHA-256",
                ["sasl.jaas.config"] = "PlainLoginModule required user_alice=\"secret\" user_carol=\"secret\";",
                ["connection.failed.authentication.delay.ms"] = "1",
            }.Concat(more.Select(m => KeyValuePair.Create(m.Key, m.Value))),
            o));

    private static SaslAuthenticateRequest Plain(string user, string password) =>
        new() { AuthBytes = Encoding.UTF8.GetBytes($"\0{user}\0{password}") };
}
