using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using StreamFlow.Broker;
using StreamFlow.Client.Consuming;
using StreamFlow.Client.Security;
using StreamFlow.Client.Tests.Integration;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Security;
using StreamFlow.Testing;

namespace StreamFlow.Client.Tests.Security;

/// <summary>Our client against our broker over every protected kind of connection.</summary>
public sealed class SecuredClusterTests
{
    private const string Users = "PlainLoginModule required user_alice=\"secret\" user_bob=\"secret\";";

    [Fact]
    public async Task Tls_carries_records_and_refuses_a_broker_that_is_not_trusted()
    {
        using var certificates = new TestCertificates();
        await using var broker = await StartAsync(("listeners", "SSL://127.0.0.1:0"), Store(certificates));

        await RoundTripAsync(broker, new() { Protocol = SecurityProtocol.Ssl, CaLocation = certificates.Authority });

        using var others = new TestCertificates();
        await AssertRefusedAsync(broker, new() { Protocol = SecurityProtocol.Ssl, CaLocation = others.Authority });
    }

    [Fact]
    public async Task Mutual_tls_wants_a_certificate_of_the_authority()
    {
        using var certificates = new TestCertificates();
        await using var broker = await StartAsync(
            ("listeners", "SSL://127.0.0.1:0"), Store(certificates), ("ssl.client.auth", "required"),
            ("ssl.truststore.location", certificates.Authority));
        var client = new ConnectionSecurity { Protocol = SecurityProtocol.Ssl, CaLocation = certificates.Authority };

        await RoundTripAsync(broker, client with { KeyStoreLocation = certificates.Issue("CN=alice,O=Example") });

        using var others = new TestCertificates();
        Assert.Contains("ssl.keystore.location", await AssertRefusedAsync(broker, client), StringComparison.Ordinal);
        Assert.DoesNotContain(
            "ssl.keystore.location",
            await AssertRefusedAsync(broker, client with { KeyStoreLocation = others.Issue("CN=alice,O=Example") }),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task Host_name_is_checked_unless_that_is_switched_off()
    {
        using var certificates = new TestCertificates();
        await using var broker = await StartAsync(("listeners", "SSL://127.0.0.2:0"), Store(certificates));
        var client = new ConnectionSecurity { Protocol = SecurityProtocol.Ssl, CaLocation = certificates.Authority };

        await AssertRefusedAsync(broker, client);
        await RoundTripAsync(broker, client with { EndpointIdentification = "" });
    }

    [Theory]
    [InlineData("SASL_PLAINTEXT", "PLAIN")]
    [InlineData("SASL_SSL", "PLAIN")]
    [InlineData("SASL_SSL", "SCRAM-SHA-256")]
    [InlineData("SASL_PLAINTEXT", "SCRAM-SHA-512")]
    public async Task Password_lets_in(string protocol, string mechanism)
    {
        using var certificates = new TestCertificates();
        await using var broker = await StartAsync(
            ("listeners", $"{protocol}://127.0.0.1:0,PLAINTEXT://127.0.0.1:0"), Store(certificates),
            ("sasl.enabled.mechanisms", mechanism), ("sasl.jaas.config", Users));
        await using (var admin = RemoteCluster.Open($"{broker.EndPoints[1]}"))
        {
            await admin.Admin.Security.UpsertScramUserAsync("alice", ScramMechanism.Sha256, "secret");
            await admin.Admin.Security.UpsertScramUserAsync("alice", ScramMechanism.Sha512, "secret", 8192);
        }

        Assert.True(SecurityProtocols.TryParse(protocol, out var parsed));
        var client = new ConnectionSecurity
        {
            Protocol = parsed, Mechanism = mechanism, Username = "alice", Password = "secret", CaLocation = certificates.Authority,
        };

        await RoundTripAsync(broker, client);
        await AssertRefusedAsync(broker, client with { Password = "wrong" });
        await AssertRefusedAsync(broker, client with { Username = "nobody" });
    }

    [Fact]
    public async Task Scram_users_survive_a_restart_and_end_when_deleted()
    {
        var directory = Directory.CreateTempSubdirectory("scram-").FullName;
        (string, string)[] settings =
        [
            ("listeners", "SASL_PLAINTEXT://127.0.0.1:0,PLAINTEXT://127.0.0.1:0"), ("sasl.enabled.mechanisms", "SCRAM-SHA-256"),
            ("log.dirs", directory),
        ];
        var client = new ConnectionSecurity
        {
            Protocol = SecurityProtocol.SaslPlaintext, Mechanism = "SCRAM-SHA-256", Username = "a=b,c", Password = "pass,wörd",
        };
        await using (var broker = await StartAsync(settings))
        {
            await using var admin = RemoteCluster.Open($"{broker.EndPoints[1]}");
            await admin.Admin.Security.UpsertScramUserAsync("a=b,c", ScramMechanism.Sha256, "pass,wörd");
        }

        await using (var broker = await StartAsync(settings))
        {
            await RoundTripAsync(broker, client);
            await using var admin = RemoteCluster.Open($"{broker.EndPoints[1]}");
            var user = Assert.Single(await admin.Admin.Security.ListScramUsersAsync());
            Assert.Equal(("a=b,c", "SCRAM-SHA-256", 4096), (user.Name, user.Mechanism, user.Iterations));
            await admin.Admin.Security.DeleteScramUserAsync("a=b,c", ScramMechanism.Sha256);
            await AssertRefusedAsync(broker, client);
        }

        Directory.Delete(directory, recursive: true);
    }

    [Fact]
    public async Task A_delegation_token_lets_in_until_it_ends()
    {
        await using var broker = await StartAsync(
            ("listeners", "SASL_PLAINTEXT://127.0.0.1:0"), ("sasl.enabled.mechanisms", "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512"),
            ("sasl.jaas.config", Users), ("delegation.token.secret.key", "topsecret"));
        var alice = new ConnectionSecurity
        {
            Protocol = SecurityProtocol.SaslPlaintext, Mechanism = "PLAIN", Username = "alice", Password = "secret",
        };
        await using var cluster = RemoteCluster.Open($"{broker.EndPoints[0]}", new ClusterOptions { Security = alice });
        var security = cluster.Admin.Security;
        var token = await security.CreateTokenAsync(["User:bob"], maxLifetime: TimeSpan.FromHours(2));
        Assert.Equal(("User:alice", "User:alice", "User:bob"), (token.Owner, token.Requester, Assert.Single(token.Renewers)));
        Assert.DoesNotContain(Convert.ToBase64String(token.Hmac.Span), token.ToString(), StringComparison.Ordinal);
        Assert.Equal(token.Id, Assert.Single(await security.ListTokensAsync(["User:alice"])).Id);
        Assert.Single(await security.ListTokensAsync(["User:bob"]));
        Assert.Empty(await security.ListTokensAsync(["User:carol"]));

        var bearer = alice with
        {
            Mechanism = "SCRAM-SHA-512", Username = null, Password = null,
            JaasConfig = $"ScramLoginModule required username=\"{token.Id}\" password=\"{Convert.ToBase64String(token.Hmac.Span)}\" "
                + "tokenauth=\"true\";",
        };
        await RoundTripAsync(broker, bearer);
        await RoundTripAsync(broker, bearer with { Mechanism = "SCRAM-SHA-256" });
        await AssertRefusedAsync(broker, bearer with { JaasConfig = bearer.JaasConfig.Replace("true", "false", StringComparison.Ordinal) });

        Assert.True(await security.RenewTokenAsync(token.Hmac, TimeSpan.FromMinutes(30)) < token.Expires);
        await security.ExpireTokenAsync(token.Hmac);
        await AssertRefusedAsync(broker, bearer);
        Assert.Empty(await security.ListTokensAsync());
        var error = await Assert.ThrowsAsync<BrokerException>(() => security.RenewTokenAsync(token.Hmac));
        Assert.Equal(ErrorCode.DelegationTokenNotFound, error.ErrorCode);
    }

    [Fact]
    public async Task Client_authenticates_again_before_its_session_ends()
    {
        await using var broker = await StartAsync(
            ("listeners", "SASL_PLAINTEXT://127.0.0.1:0"), ("sasl.enabled.mechanisms", "PLAIN"), ("sasl.jaas.config", Users),
            ("connections.max.reauth.ms", "100"));
        var options = new ClusterOptions
        {
            Security = new() { Protocol = SecurityProtocol.SaslPlaintext, Mechanism = "PLAIN", Username = "alice", Password = "secret" },
        };
        await using var cluster = RemoteCluster.Open($"{broker.EndPoints[0]}", options);

        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        while (!patience.IsCancellationRequested)
        {
            Assert.Empty(await cluster.Admin.ListTopicsAsync());
        }
    }

    [Fact]
    public async Task Signed_token_lets_in_and_others_do_not()
    {
        using var key = RSA.Create(2048);
        var keys = Path.GetTempFileName();
        await File.WriteAllTextAsync(keys, KeySetOf(key));
        await using var broker = await StartAsync(
            ("listeners", "SASL_PLAINTEXT://127.0.0.1:0"), ("sasl.enabled.mechanisms", "OAUTHBEARER"),
            ("sasl.oauthbearer.jwks.endpoint.url", new Uri(keys).AbsoluteUri), ("sasl.oauthbearer.expected.audience", "kafka"),
            ("sasl.oauthbearer.expected.issuer", "https://issuer"));
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        object Claims(long exp = 600, string aud = "kafka", string iss = "https://issuer", long nbf = -10) =>
            new { sub = "alice", exp = now + exp, nbf = now + nbf, aud, iss };

        await RoundTripAsync(broker, Bearer(Token(key, Claims())));

        using var other = RSA.Create(2048);
        await AssertRefusedAsync(broker, Bearer(Token(other, Claims())));
        await AssertRefusedAsync(broker, Bearer(Token(key, Claims(exp: -60))));
        await AssertRefusedAsync(broker, Bearer(Token(key, Claims(nbf: 300))));
        await AssertRefusedAsync(broker, Bearer(Token(key, Claims(aud: "other"))));
        await AssertRefusedAsync(broker, Bearer(Token(key, Claims(iss: "https://other"))));
        await AssertRefusedAsync(broker, Bearer(Unsecured(Claims())));
        await AssertRefusedAsync(broker, Bearer("nonsense"));
        File.Delete(keys);
    }

    private static ConnectionSecurity Bearer(string token) =>
        new() { Protocol = SecurityProtocol.SaslPlaintext, Mechanism = "OAUTHBEARER", TokenSource = _ => new(token) };

    private static string KeySetOf(RSA key)
    {
        var parameters = key.ExportParameters(false);
        var jwk = new { kty = "RSA", kid = "k1", use = "sig", n = Encode(parameters.Modulus!), e = Encode(parameters.Exponent!) };
        return JsonSerializer.Serialize(new { keys = new[] { jwk } });
    }

    private static string Token(RSA key, object claims)
    {
        var signed = $"{Encode(Json(new { alg = "RS256", kid = "k1" }))}.{Encode(Json(claims))}";
        var signature = key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{signed}.{Encode(signature)}";
    }

    private static string Unsecured(object claims) => $"{Encode(Json(new { alg = "none" }))}.{Encode(Json(claims))}.";

    private static byte[] Json(object value) => JsonSerializer.SerializeToUtf8Bytes(value);

    private static string Encode(byte[] bytes) => Base64Url.EncodeToString(bytes);

    private static (string, string) Store(TestCertificates certificates) => ("ssl.keystore.location", certificates.Issue("CN=broker"));

    private static Task<BrokerServer> StartAsync(params (string Key, string Value)[] settings) =>
        BrokerServer.StartAsync(BrokerOptions.FromProperties(
            settings.Select(s => KeyValuePair.Create(s.Key, s.Value)),
            new BrokerOptions { DataDirectory = BrokerOptions.Memory, FailedAuthenticationDelayMs = 1 }));

    private static async Task RoundTripAsync(BrokerServer broker, ConnectionSecurity security)
    {
        await using var cluster = RemoteCluster.Open($"{broker.EndPoints[0]}", new ClusterOptions { Security = security });
        var topic = await Clusters.CreateTopicAsync(cluster);
        await using var producer = cluster.CreateProducer(new());
        var record = Clusters.Record(topic, "key", new string('v', 100_000));
        await producer.SendAsync(record);
        await using var consumer = cluster.CreateConsumer(new() { AutoOffsetReset = AutoOffsetReset.Earliest });
        consumer.Assign([new(topic, 0)]);
        Assert.Equal(new string('v', 100_000), Assert.Single(await Clusters.ReadAsync(consumer, 1)).Value);
    }

    /// <returns>What the client is told.</returns>
    private static async Task<string> AssertRefusedAsync(BrokerServer broker, ConnectionSecurity security)
    {
        var options = new ClusterOptions { Security = security, ApiTimeout = TimeSpan.FromSeconds(3) };
        await using var cluster = RemoteCluster.Open($"{broker.EndPoints[0]}", options);
        return (await Assert.ThrowsAnyAsync<StreamFlowException>(async () => await cluster.Admin.ListTopicsAsync())).Message;
    }
}
