using StreamFlow.Client;
using StreamFlow.Client.Administration;
using StreamFlow.Client.Security;
using StreamFlow.Core.Security;
using StreamFlow.Testing;
using StreamFlow.Testing.Processes;

namespace StreamFlow.Interop.Tests;

/// <summary>Clients of others over TLS with passwords, and Kafka's own tools as the administrator.</summary>
[Trait("Category", "Interop")]
public sealed class SecuredClientsTests : IAsyncLifetime, IDisposable
{
    private const string Script = """
        import sys
        from confluent_kafka import Producer, Consumer
        c = {'bootstrap.servers': sys.argv[1], 'security.protocol': 'SASL_SSL', 'ssl.ca.location': sys.argv[2],
             'sasl.mechanism': 'SCRAM-SHA-512', 'sasl.username': 'alice', 'sasl.password': 'secret'}
        p = Producer(c)
        for i in range(100): p.produce('orders', value=str(i))
        p.flush()
        r = Consumer(dict(c, **{'group.id': 'g', 'auto.offset.reset': 'earliest'}))
        r.subscribe(['orders'])
        print(len(r.consume(100, timeout=20)))
        r.close()
        """;

    private readonly TestCertificates _certificates = new();
    private readonly string _data = Directory.CreateTempSubdirectory("streamflow-interop-").FullName;
    private BrokerProcess? _broker;

    private string Address => _broker!.Address;

    public async Task InitializeAsync()
    {
        _broker = await BrokerProcess.StartAsync(
            _data,
            "SASL_SSL://127.0.0.1:0",
            $"ssl.keystore.location={_certificates.Issue("CN=broker")}",
            "sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512",
            "sasl.jaas.config=PlainLoginModule required user_admin=\"secret\" user_alice=\"secret\";",
            "authorizer.class.name=StandardAuthorizer",
            "delegation.token.secret.key=topsecret",
            "super.users=User:admin;User:alice");
        var security = new ConnectionSecurity
        {
            Protocol = SecurityProtocol.SaslSsl,
            CaLocation = _certificates.Authority,
            Mechanism = "PLAIN",
            Username = "admin",
            Password = "secret",
        };
        await using var cluster = RemoteCluster.Open(Address, new ClusterOptions { Security = security });
        await cluster.Admin.CreateTopicsAsync([new NewTopic("orders", 1)]);
        await cluster.Admin.Security.UpsertScramUserAsync("alice", ScramMechanism.Sha256, "secret");
        await cluster.Admin.Security.UpsertScramUserAsync("alice", ScramMechanism.Sha512, "secret", 8192);
    }

    public async Task DisposeAsync()
    {
        await _broker!.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    public void Dispose() => _certificates.Dispose();

    [TheoryIfTool("kcat")]
    [InlineData("PLAIN")]
    [InlineData("SCRAM-SHA-256")]
    [InlineData("SCRAM-SHA-512")]
    public async Task Kcat_writes_and_reads(string mechanism)
    {
        string[] common =
        [
            "-b", Address, "-t", "orders", "-X", "security.protocol=SASL_SSL", "-X", $"ssl.ca.location={_certificates.Authority}",
            "-X", $"sasl.mechanism={mechanism}", "-X", "sasl.username=alice", "-X",
        ];

        var produced = await ChildProcess.RunAsync("kcat", ["-P", .. common, "sasl.password=secret"], "one\ntwo\n");
        var consumed = await ChildProcess.RunAsync("kcat", ["-C", "-e", "-q", "-o", "beginning", .. common, "sasl.password=secret"]);
        var refused = await ChildProcess.RunAsync("kcat", ["-L", "-m", "3", .. common, "sasl.password=wrong"]);

        Assert.True(produced.ExitCode == 0, produced.Errors);
        Assert.Equal(["one", "two"], consumed.Lines);
        Assert.NotEqual(0, refused.ExitCode);
    }

    [FactIfPython("confluent_kafka")]
    public async Task Confluent_python_writes_and_reads_in_a_group()
    {
        var run = await ChildProcess.RunAsync("/usr/bin/python3", ["-c", Script, Address, _certificates.Authority]);

        Assert.True(run.ExitCode == 0, run.Errors);
        Assert.Equal(["100"], run.Lines);
    }

    [FactOnKafka]
    public async Task Kafkas_tools_administer_users_acls_and_quotas()
    {
        var config = await ConfigAsync("admin", "PLAIN", "plain.PlainLoginModule required username=\"admin\" password=\"secret\"");

        await RunAsync("configs", "--alter", "--entity-type", "users", "--entity-name", "carol",
            "--add-config", "SCRAM-SHA-256=[iterations=8192,password=secret]");
        await RunAsync("configs", "--alter", "--entity-type", "users", "--entity-name", "carol", "--add-config", "producer_byte_rate=1024");
        await RunAsync("acls", "--add", "--allow-principal", "User:carol", "--operation", "Read", "--topic", "orders");

        var described = await RunAsync("configs", "--describe", "--entity-type", "users", "--entity-name", "carol");
        Assert.Contains("SCRAM-SHA-256=iterations=8192", described);
        Assert.Contains("producer_byte_rate=1024", described);
        Assert.Contains(
            "(principal=User:carol, host=*, operation=READ, permissionType=ALLOW)", await RunAsync("acls", "--list", "--topic", "orders"));
        await RunAsync("acls", "--remove", "--force", "--allow-principal", "User:carol", "--operation", "Read", "--topic", "orders");
        Assert.DoesNotContain("User:carol", await RunAsync("acls", "--list"));

        Task<string> RunAsync(string tool, params string[] arguments) => ToolAsync(tool, config, arguments);
    }

    [FactOnKafka]
    public async Task Kafkas_tools_make_a_delegation_token_and_log_in_with_it()
    {
        var alice = await ConfigAsync("alice", "PLAIN", "plain.PlainLoginModule required username=\"alice\" password=\"secret\"");
        var created = await ToolAsync("delegation-tokens", alice, "--create", "--max-life-time-period", "-1", "--renewer-principal", "User:bob");
        var row = created.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)[^1].Split(' ');
        var bearer = await ConfigAsync(
            "bearer", "SCRAM-SHA-256",
            $"scram.ScramLoginModule required username=\"{row[0]}\" password=\"{row[1]}\" tokenauth=\"true\"");

        Assert.Contains("orders", await ToolAsync("topics", bearer, "--list"));
        Assert.Contains(
            row[0], await ToolAsync("delegation-tokens", alice, "--describe", "--owner-principal", "User:alice"));
        await ToolAsync("delegation-tokens", alice, "--renew", "--renew-time-period", "1000000", "--hmac", row[1]);
        await ToolAsync("delegation-tokens", alice, "--expire", "--expiry-time-period", "-1", "--hmac", row[1]);
        Assert.DoesNotContain(
            row[0], await ToolAsync("delegation-tokens", alice, "--describe", "--owner-principal", "User:alice"));
    }

    private async Task<string> ConfigAsync(string name, string mechanism, string login)
    {
        var file = Path.Combine(_certificates.Directory, $"{name}.properties");
        await File.WriteAllTextAsync(file, $"""
            security.protocol=SASL_SSL
            ssl.truststore.type=PEM
            ssl.truststore.location={_certificates.Authority}
            sasl.mechanism={mechanism}
            sasl.jaas.config=org.apache.kafka.common.security.{login};
            """);
        return file;
    }

    private async Task<string> ToolAsync(string tool, string config, params string[] arguments)
    {
        var run = await KafkaNode.ToolAsync(tool, ["--bootstrap-server", Address, "--command-config", config, .. arguments]);
        Assert.True(run.ExitCode == 0, run.Output + run.Errors);
        return run.Output;
    }
}
