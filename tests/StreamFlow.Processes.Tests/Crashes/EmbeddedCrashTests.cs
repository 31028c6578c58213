using System.Globalization;
using StreamFlow.Client;
using StreamFlow.Core.Serialization;
using StreamFlow.Embedded;
using StreamFlow.Processes.Programs;
using StreamFlow.Processes.Tests.Workers;
using StreamFlow.Streams.Runtime;
using StreamFlow.Testing.Processes;
using Xunit.Abstractions;

namespace StreamFlow.Processes.Tests.Crashes;

/// <summary><c>kill -9</c> of a process that has broker, producer and an exactly-once topology in it.</summary>
public sealed class EmbeddedCrashTests(ITestOutputHelper output) : IDisposable
{
    private const int Partitions = 2;
    private readonly string _root = Directory.CreateTempSubdirectory("streamflow-embedded-crash-").FullName;
    private readonly Dictionary<string, string> _totals = [];
    private readonly long[] _checked = new long[Partitions];
    private readonly HashSet<long> _numbers = [];
    private long _next;

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    [Trait("Category", "E2E")]
    public Task Acknowledged_is_kept_and_results_are_exact_after_a_few_crashes() => RunAsync(Rounds.Few);

    [Fact]
    [Trait("Category", "Crash")]
    public Task Acknowledged_is_kept_and_results_are_exact_after_many_crashes() => RunAsync(Rounds.Many);

    private async Task RunAsync(int count)
    {
        var rounds = new Rounds(count, output);
        await using (var cluster = await OpenAsync())
        {
            await cluster.CreateTopicsAsync(Partitions, Totals.Input, Totals.Output);
        }

        await rounds.RunAsync(async round =>
        {
            var acknowledged = await CrashAsync(rounds);
            await using var cluster = await OpenAsync();
            await CheckInputAsync(cluster, acknowledged);
            if (round % 10 == 0 || round == count)
            {
                await CheckTotalsAsync(cluster);
            }
        });
        output.WriteLine($"{_numbers.Count} payments");
        Assert.NotEmpty(_numbers);
    }

    private async Task<ICluster> OpenAsync() =>
        await Cluster.OpenAsync("embedded:" + Path.Combine(_root, "data"), broker: EmbeddedTotals.Broker);

    private async Task<List<long>> CrashAsync(Rounds rounds)
    {
        var program = Places.Output("StreamFlow.Processes.Programs", "StreamFlow.Processes.Programs.dll");
        await using var child = ChildProcess.Start("dotnet", [program, _root, _next.ToString(CultureInfo.InvariantCulture)]);
        if (!rounds.OneIn(5))
        {
            await child.WaitForAsync("started");
            await child.WaitForLinesAsync(rounds.Next(300));
        }

        await rounds.PauseAsync(mostMs: 500);
        await child.KillAsync();
        Assert.True(child.Errors.Length == 0, child.Errors);
        return [.. child.Lines.Where(l => l.StartsWith("acked ", StringComparison.Ordinal))
            .Select(l => long.Parse(l.AsSpan("acked ".Length), CultureInfo.InvariantCulture))];
    }

    /// <summary>Every acknowledged payment is there, each payment at most once, in the order of sending.</summary>
    private async Task CheckInputAsync(ICluster cluster, List<long> acknowledged)
    {
        var from = ClusterExtensions.Partitions(Totals.Input, Partitions).ToDictionary(p => p, p => _checked[p.Partition]);
        var last = new long[Partitions];
        foreach (var record in await cluster.ReadAsync(Serdes.Int64, from))
        {
            var partition = record.Partition.Partition;
            Assert.True(_numbers.Add(record.Value), $"payment {record.Value} is there twice");
            Assert.True(last[partition] <= record.Value, $"{record.Partition}: {record.Value} behind {last[partition]}");
            Assert.Equal(_checked[partition], record.Offset);
            last[partition] = record.Value;
            _checked[partition] = record.Offset + 1;
            _next = Math.Max(_next, record.Value + 1);
            var account = Totals.AccountOf(record.Key);
            _totals[account] = Totals.Add(_totals.GetValueOrDefault(account, "0 0 -1"), record.Value);
        }

        var lost = acknowledged.Where(n => !_numbers.Contains(n)).ToList();
        Assert.True(lost.Count == 0, $"acknowledged but lost: {string.Join(' ', lost.Take(10))}");
    }

    private async Task CheckTotalsAsync(ICluster cluster)
    {
        await using var application = new StreamsApplication(Totals.Build(), EmbeddedTotals.Options(_root), cluster);
        await application.StartAsync();
        await Patiently.UntilAsync(async () =>
        {
            var starts = ClusterExtensions.Partitions(Totals.Output, Partitions).ToDictionary(p => p, _ => 0L);
            var last = (await cluster.ReadAsync(Serdes.String, starts)).GroupBy(r => r.Key!).ToDictionary(g => g.Key, g => g.Last().Value!);
            return application.Failure?.ToString() ?? _totals
                .Where(t => last.GetValueOrDefault(t.Key) != t.Value)
                .Select(t => $"{t.Key}: {last.GetValueOrDefault(t.Key)} instead of {t.Value}").FirstOrDefault();
        });
    }
}
