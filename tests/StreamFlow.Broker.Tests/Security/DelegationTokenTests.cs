using System.Net.Sockets;
using System.Text;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Security;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Tests.Security;

/// <summary>Delegation tokens (KIP-48, KIP-373).</summary>
public sealed class DelegationTokenTests
{
    private static readonly ScramMechanism Mechanism = ScramMechanism.Sha256;

    [Fact]
    public async Task Token_lets_its_bearer_act_as_its_owner_but_not_make_tokens()
    {
        await using var broker = await StartAsync();
        using var alice = await LogInAsync(broker, "alice");
        var token = await CreateAsync(alice);
        Assert.Equal((ErrorCode.None, "User", "alice"), (token.ErrorCode, token.PrincipalType, token.PrincipalName));
        Assert.Equal(token.IssueTimestampMs + 86_400_000, token.ExpiryTimestampMs);
        Assert.Equal(token.IssueTimestampMs + 604_800_000, token.MaxTimestampMs);

        using var bearer = await RawClient.ConnectAsync(broker);
        Assert.Equal(ErrorCode.None, (await LogInByTokenAsync(bearer, token.TokenId, token.Hmac))!.ErrorCode);
        Assert.NotEmpty((await RawClient.AskAsync(bearer, new MetadataRequest { Topics = null }, 9))!.Brokers);
        Assert.Equal(ErrorCode.DelegationTokenRequestNotAllowed, (await CreateAsync(bearer)).ErrorCode);
        Assert.Equal(ErrorCode.DelegationTokenRequestNotAllowed, (await DescribeAsync(bearer)).ErrorCode);
    }

    [Fact]
    public async Task Wrong_password_unknown_token_and_ended_token_are_refused_alike()
    {
        await using var broker = await StartAsync();
        using var alice = await LogInAsync(broker, "alice");
        var token = await CreateAsync(alice);
        var texts = new HashSet<string?>();
        await RefusedAsync(token.TokenId, [1, 2, 3]);
        await RefusedAsync("nobody", token.Hmac);
        Assert.Equal(ErrorCode.None, (await ExpireAsync(alice, token.Hmac, -1)).ErrorCode);
        await RefusedAsync(token.TokenId, token.Hmac);
        Assert.Single(texts);

        async Task RefusedAsync(string id, byte[] hmac)
        {
            using var bearer = await RawClient.ConnectAsync(broker);
            var answer = await LogInByTokenAsync(bearer, id, hmac);
            Assert.Equal(ErrorCode.SaslAuthenticationFailed, answer!.ErrorCode);
            texts.Add(answer.ErrorMessage);
        }
    }

    [Fact]
    public async Task Tokens_are_seen_renewed_and_ended_by_those_they_concern_and_outlive_the_broker()
    {
        await using var first = await StartAsync();
        byte[] hmac;
        using (var alice = await LogInAsync(first, "alice"))
        using (var bob = await LogInAsync(first, "bob"))
        using (var carol = await LogInAsync(first, "carol"))
        {
            hmac = (await CreateAsync(alice, maxLifetimeMs: 3_600_000, renewer: "bob")).Hmac;
            Assert.Single((await DescribeAsync(alice)).Tokens);
            Assert.Single((await DescribeAsync(bob)).Tokens);
            Assert.Empty((await DescribeAsync(bob, "carol")).Tokens);
            Assert.Equal(ErrorCode.DelegationTokenOwnerMismatch, (await RenewAsync(carol, hmac, 1000)).ErrorCode);
            Assert.Equal(ErrorCode.DelegationTokenNotFound, (await RenewAsync(alice, [1], 1000)).ErrorCode);
        }

        await first.Server.DisposeAsync();
        await using var second = await StartAsync(first.Directory);
        using var again = await LogInAsync(second, "bob");

        var token = (await DescribeAsync(again)).Tokens.Single();
        Assert.Equal(("alice", "bob"), (token.PrincipalName, token.Renewers.Single().PrincipalName));
        Assert.Equal(hmac, token.Hmac);
        Assert.Equal(token.MaxTimestamp, (await RenewAsync(again, hmac, -1)).ExpiryTimestampMs);
        Assert.True((await ExpireAsync(again, hmac, 1000)).ExpiryTimestampMs < token.MaxTimestamp);
        Assert.Equal(ErrorCode.None, (await ExpireAsync(again, hmac, -1)).ErrorCode);
        Assert.Equal(ErrorCode.DelegationTokenNotFound, (await ExpireAsync(again, hmac, -1)).ErrorCode);
        Assert.Empty((await DescribeAsync(again)).Tokens);
    }

    [Fact]
    public async Task Acls_let_others_see_tokens_and_make_them_for_somebody_else()
    {
        await using var broker = await StartAsync(more: ("authorizer.class.name", "StandardAuthorizer"));
        using var alice = await LogInAsync(broker, "alice");
        using var bob = await LogInAsync(broker, "bob");
        var token = await CreateAsync(alice);
        Assert.Empty((await DescribeAsync(bob)).Tokens);
        Assert.Equal(ErrorCode.DelegationTokenAuthorizationFailed, (await CreateAsync(bob, owner: "alice")).ErrorCode);

        await AllowAsync(broker, AclResourceType.DelegationToken, token.TokenId, AclOperation.Describe);
        Assert.Equal([token.TokenId], (await DescribeAsync(bob)).Tokens.Select(t => t.TokenId));
        await AllowAsync(broker, AclResourceType.User, "User:alice", AclOperation.CreateTokens);
        var made = await CreateAsync(bob, owner: "alice");
        Assert.Equal((ErrorCode.None, "alice", "bob"), (made.ErrorCode, made.PrincipalName, made.TokenRequesterPrincipalName));
        await CreateAsync(alice);
        await AllowAsync(broker, AclResourceType.User, "User:alice", AclOperation.DescribeTokens);
        Assert.Equal(3, (await DescribeAsync(bob)).Tokens.Count);
    }

    [Fact]
    public async Task Without_a_secret_or_a_proven_name_there_are_no_tokens()
    {
        await using var open = await TestBroker.StartAsync(o => o with { DelegationTokenSecretKey = "s" }, listen: true);
        using var anybody = await RawClient.ConnectAsync(open);
        Assert.Equal(ErrorCode.DelegationTokenRequestNotAllowed, (await CreateAsync(anybody)).ErrorCode);

        await using var broker = await StartAsync(more: ("delegation.token.secret.key", ""));
        using var alice = await LogInAsync(broker, "alice");
        Assert.Equal(ErrorCode.DelegationTokenAuthDisabled, (await CreateAsync(alice)).ErrorCode);
        Assert.Equal(ErrorCode.DelegationTokenAuthDisabled, (await DescribeAsync(alice)).ErrorCode);
        Assert.Equal(ErrorCode.DelegationTokenAuthDisabled, (await RenewAsync(alice, [1], 1)).ErrorCode);
        Assert.Equal(ErrorCode.InvalidPrincipalType, (await RawClient.AskAsync(
            alice, new CreateDelegationTokenRequest { Renewers = [new() { PrincipalType = "Group", PrincipalName = "g" }] }, 3))!.ErrorCode);
    }

    private static Task<TestBroker> StartAsync(string? directory = null, params (string Key, string Value)[] more) => TestBroker.StartAsync(
        o => BrokerOptions.FromProperties(
            new Dictionary<string, string>
            {
                ["listeners"] = "SASL_PLAINTEXT://127.0.0.1:0",
                ["sasl.enabled.mechanisms"] = "PLAIN,SCRAM-SHA-256",
                ["sasl.jaas.config"] = "PlainLoginModule required user_alice=\"secret\" user_bob=\"secret\" user_carol=\"secret\";",
                ["connection.failed.authentication.delay.ms"] = "1",
                ["delegation.token.secret.key"] = "topsecret",
            }.Where(p => more.All(m => m.Key != p.Key)).Concat(more.Select(m => KeyValuePair.Create(m.Key, m.Value))),
            o),
        directory: directory);

    private static async Task<TcpClient> LogInAsync(TestBroker broker, string user)
    {
        var client = await RawClient.ConnectAsync(broker);
        await RawClient.AskAsync(client, new SaslHandshakeRequest { Mechanism = "PLAIN" }, 1);
        var request = new SaslAuthenticateRequest { AuthBytes = Encoding.UTF8.GetBytes($"\0{user}\0secret") };
        Assert.Equal(ErrorCode.None, (await RawClient.AskAsync(client, request, 2))!.ErrorCode);
        return client;
    }

    private static async Task<SaslAuthenticateResponse?> LogInByTokenAsync(TcpClient client, string id, byte[] hmac)
    {
        await RawClient.AskAsync(client, new SaslHandshakeRequest { Mechanism = Mechanism.Name }, 1);
        var bare = $"n={id},r=nonce,tokenauth=true";
        var challenge = await RawClient.AskAsync(client, new SaslAuthenticateRequest { AuthBytes = Encoding.UTF8.GetBytes("n,," + bare) }, 2);
        var first = Encoding.UTF8.GetString(challenge!.AuthBytes);
        var salted = Mechanism.SaltedPassword(
            Encoding.UTF8.GetBytes(Convert.ToBase64String(hmac)), ScramMessage.FindBytes(first, 's')!,
            int.Parse(ScramMessage.Find(first, 'i')!, System.Globalization.CultureInfo.InvariantCulture));
        var last = $"c=biws,r={ScramMessage.Find(first, 'r')}";
        var key = Mechanism.ClientKey(salted);
        var signature = Mechanism.Hmac(Mechanism.Hash(key), Encoding.UTF8.GetBytes($"{bare},{first},{last}"));
        var proof = Convert.ToBase64String([.. key.Zip(signature, (k, s) => (byte)(k ^ s))]);
        return await RawClient.AskAsync(client, new SaslAuthenticateRequest { AuthBytes = Encoding.UTF8.GetBytes($"{last},p={proof}") }, 2);
    }

    private static async Task<CreateDelegationTokenResponse> CreateAsync(
        TcpClient client, long maxLifetimeMs = -1, string? renewer = null, string? owner = null) =>
        (await RawClient.AskAsync(
            client,
            new CreateDelegationTokenRequest
            {
                MaxLifetimeMs = maxLifetimeMs,
                OwnerPrincipalType = owner is null ? null : "User",
                OwnerPrincipalName = owner,
                Renewers = renewer is null ? [] : [new() { PrincipalType = "User", PrincipalName = renewer }],
            },
            3))!;

    private static async Task<DescribeDelegationTokenResponse> DescribeAsync(TcpClient client, string? owner = null) =>
        (await RawClient.AskAsync(
            client,
            new DescribeDelegationTokenRequest
            {
                Owners = owner is null ? null : [new() { PrincipalType = "User", PrincipalName = owner }],
            },
            3))!;

    private static async Task<RenewDelegationTokenResponse> RenewAsync(TcpClient client, byte[] hmac, long periodMs) =>
        (await RawClient.AskAsync(client, new RenewDelegationTokenRequest { Hmac = hmac, RenewPeriodMs = periodMs }, 2))!;

    private static async Task<ExpireDelegationTokenResponse> ExpireAsync(TcpClient client, byte[] hmac, long periodMs) =>
        (await RawClient.AskAsync(client, new ExpireDelegationTokenRequest { Hmac = hmac, ExpiryTimePeriodMs = periodMs }, 2))!;

    private static async Task AllowAsync(TestBroker broker, AclResourceType type, string name, AclOperation operation)
    {
        var response = await broker.SendAsync(new CreateAclsRequest
        {
            Creations =
            [
                new()
                {
                    ResourceType = (sbyte)type,
                    ResourceName = name,
                    ResourcePatternType = (sbyte)AclPatternType.Literal,
                    Principal = "User:bob",
                    Host = "*",
                    Operation = (sbyte)operation,
                    PermissionType = (sbyte)AclPermission.Allow,
                },
            ],
        });
        Assert.Equal(ErrorCode.None, response.Results[0].ErrorCode);
    }
}
