using System.Globalization;
using System.Text;
using StreamFlow.Client;
using StreamFlow.Client.Producing;
using StreamFlow.Core.Serialization;
using StreamFlow.Processes.Tests.Workers;
using StreamFlow.Testing.Processes;

namespace StreamFlow.Processes.Tests.Sql;

/// <summary><c>streamflow worker --sql</c>: two processes share the queries of one file.</summary>
public sealed class SqlWorkerTests : IDisposable
{
    private const int Partitions = 4;
    private const string Application = "totals";

    private const string Script = """
        SET 'auto.offset.reset' = 'earliest';
        CREATE STREAM PAYMENTS (ACCOUNT STRING KEY, AMOUNT BIGINT) WITH (KAFKA_TOPIC = 'payments', VALUE_FORMAT = 'JSON');
        CREATE STREAM LARGE AS SELECT ACCOUNT, AMOUNT FROM PAYMENTS WHERE AMOUNT > 1;
        CREATE TABLE TOTALS WITH (VALUE_FORMAT = 'KAFKA') AS SELECT ACCOUNT, SUM(AMOUNT) AS TOTAL FROM LARGE GROUP BY ACCOUNT;
        """;

    private readonly string _root = Directory.CreateTempSubdirectory("streamflow-sql-worker-").FullName;
    private readonly Dictionary<string, long> _expected = [];

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    [Trait("Category", "E2E")]
    public async Task Two_workers_share_the_partitions_and_one_takes_over_from_the_other()
    {
        await using var broker = await BrokerProcess.StartAsync(Path.Combine(_root, "data"));
        await using var cluster = RemoteCluster.Open(broker.Address);
        await cluster.CreateTopicsAsync(Partitions, "payments");
        await SendAsync(cluster, 3000);
        var file = Path.Combine(_root, "totals.sql");
        await File.WriteAllTextAsync(file, Script);
        await using var a = Start(broker.Address, file, "a");
        await using var b = Start(broker.Address, file, "b");
        await a.WaitForAsync("running");
        await b.WaitForAsync("running");
        await Patiently.UntilAsync(async () => await SharesAsync(cluster) is var shares && shares is [2, 2]
            ? null
            : $"the members have {string.Join(" and ", shares)} partitions\n{a.Errors}\n{b.Errors}");
        await Patiently.UntilAsync(async () => await ComplaintAsync(cluster) is { } wrong ? $"{wrong}\n{a.Errors}\n{b.Errors}" : null);
        await b.KillAsync();
        await SendAsync(cluster, 2000);
        await Patiently.UntilAsync(async () => await ComplaintAsync(cluster) is { } wrong ? $"{wrong}\n{a.Errors}" : null);
        await a.StopAsync();
    }

    [Fact]
    [Trait("Category", "E2E")]
    public async Task Rows_of_the_stores_are_served_by_column()
    {
        await using var broker = await BrokerProcess.StartAsync(Path.Combine(_root, "data"));
        await using var cluster = RemoteCluster.Open(broker.Address);
        await cluster.CreateTopicsAsync(1, "payments");
        await SendAsync(cluster, 100);
        var file = Path.Combine(_root, "totals.sql");
        await File.WriteAllTextAsync(file, Script);
        await using var worker = ChildProcess.StreamFlow(
            "worker", "-c", broker.Address, "--application-id", Application, "--sql", file, "--state", Path.Combine(_root, "a"),
            "--http", "127.0.0.1:0");
        var address = await worker.WaitForAsync("http on ");
        using var http = new HttpClient { BaseAddress = new Uri($"http://{address}/CTAS_TOTALS_1/stores/") };
        var row = "";
        await Patiently.UntilAsync(async () =>
        {
            using var answer = await http.GetAsync("Aggregate/a3");
            row = await answer.Content.ReadAsStringAsync();
            return answer.IsSuccessStatusCode ? null : row;
        });
        Assert.StartsWith("[{\"key\":{\"KEY\":\"a3\"},\"value\":{", row, StringComparison.Ordinal);
        await worker.StopAsync();
    }

    [Theory]
    [Trait("Category", "E2E")]
    [InlineData("CREATE STREAM S (V INT) WITH (KAFKA_TOPIC='s', VALUE_FORMAT='JSON', PARTITIONS=1);\nCREATE STREAM T AS SELECT W FROM S;", "2:27")]
    [InlineData("CREATE STREEM S;", "1:8")]
    [InlineData("CREATE STREAM S (V INT) WITH (KAFKA_TOPIC='s', VALUE_FORMAT='JSON', PARTITIONS=1);\nSHOW STREAMS;", "2:1")]
    public async Task Wrong_sql_ends_with_1_and_its_place(string script, string place)
    {
        var file = Path.Combine(_root, "wrong.sql");
        await File.WriteAllTextAsync(file, script);
        await using var worker = await ChildProcess.RunStreamFlowAsync(
            "worker", "-c", "memory:", "--application-id", "wrong", "--state", Path.Combine(_root, "state"), "--sql", file);
        Assert.Equal(1, worker.ExitCode);
        Assert.Contains($"wrong.sql:{place}:", worker.Errors);
    }

    private ChildProcess Start(string address, string file, string name) => ChildProcess.StreamFlow(
        "worker", "-c", address, "--application-id", Application, "--sql", file, "--state", Path.Combine(_root, name),
        "--set", "session.timeout.ms=6000", "--set", "heartbeat.interval.ms=300", "--set", "commit.interval.ms=100",
        "--set", "processing.guarantee=exactly_once_v2", "--set", "transaction.timeout.ms=6000");

    private async Task SendAsync(ICluster cluster, int count)
    {
        await using var producer = cluster.CreateProducer(new ProducerOptions());
        var sends = new List<Task>();
        for (var i = 0; i < count; i++)
        {
            var (account, amount) = ($"a{i % 300}", i % 5);
            var value = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"AMOUNT\":{amount}}}"));
            sends.Add(producer.SendAsync(new ProducerRecord("payments", Encoding.UTF8.GetBytes(account), value)).AsTask());
            if (amount > 1)
            {
                _expected[account] = _expected.GetValueOrDefault(account) + amount;
            }
        }

        await Task.WhenAll(sends);
    }

    private static async Task<List<int>> SharesAsync(ICluster cluster)
    {
        var id = $"{Application}-CTAS_TOTALS_1";
        var groups = await cluster.Admin.DescribeGroupsAsync([id]);
        return [.. groups[id].Members.Select(m => m.Partitions.Count)];
    }

    private async Task<string?> ComplaintAsync(ICluster cluster)
    {
        var described = await cluster.Admin.DescribeTopicsAsync(["TOTALS"]);
        if (described.Count == 0)
        {
            return "there is no topic TOTALS yet";
        }

        var records = await cluster.ReadAsync(
            Serdes.Int64, ClusterExtensions.Partitions("TOTALS", Partitions).ToDictionary(p => p, _ => 0L));
        var totals = new Dictionary<string, long>();
        foreach (var record in records)
        {
            totals[record.Key!] = record.Value;
        }

        var ends = new List<string>();
        foreach (var topic in (string[])["payments", "LARGE", "TOTALS"])
        {
            ends.Add($"{topic} {string.Join(',', (await cluster.EndsAsync(topic, Partitions)).Values)}");
        }

        var wrong = _expected.Where(e => totals.GetValueOrDefault(e.Key) != e.Value).ToList();
        return wrong.Count == 0 && totals.Count == _expected.Count
            ? null
            : $"{wrong.Count} of {_expected.Count} accounts are wrong; {totals.Count} are there; ends: {string.Join("; ", ends)}";
    }
}
