using Spectre.Console;
using StreamFlow.Client;
using StreamFlow.Client.Administration;
using StreamFlow.Core.Topics;

namespace StreamFlow.Cli.Demo;

/// <summary>Shows a live table while the topology and the query work, until both have committed the end of their inputs.</summary>
internal sealed class DemoProgress(ICluster cluster, int flights)
{
    private const int Rows = 8;

    public async Task FollowAsync(DemoResults results, IReadOnlyList<string> groups, CancellationToken cancellation)
    {
        if (Console.IsOutputRedirected)
        {
            await UntilDoneAsync(results, groups, static () => { }, cancellation);
            return;
        }

        await AnsiConsole.Live(Table(results)).StartAsync(live =>
            UntilDoneAsync(results, groups, () => live.UpdateTarget(Table(results)), cancellation));
    }

    private async Task UntilDoneAsync(DemoResults results, IReadOnlyList<string> groups, Action show, CancellationToken cancellation)
    {
        var seen = -1;
        while (seen != results.Hourly.Count + results.LateAirports.Count || !await AreDoneAsync(groups, cancellation))
        {
            seen = results.Hourly.Count + results.LateAirports.Count;
            await results.PollAsync(cancellation);
            show();
        }

        // What was written before the last commit may still be on its way to this consumer.
        for (var i = 0; i < 10; i++)
        {
            await results.PollAsync(cancellation);
        }

        show();
    }

    private async Task<bool> AreDoneAsync(IReadOnlyList<string> groups, CancellationToken cancellation)
    {
        var inputs = new[] { (groups[0], DemoTopology.FlightsTopic), (groups[1], DemoTopology.LocatedTopic) };
        foreach (var (group, topic) in inputs)
        {
            var partitions = Enumerable.Range(0, DemoTopology.Partitions).Select(p => new TopicPartition(topic, p)).ToArray();
            var committed = await cluster.Admin.ListGroupOffsetsAsync(group, partitions, cancellationToken: cancellation);
            var ends = await cluster.Admin.ListOffsetsAsync(
                partitions.ToDictionary(p => p, _ => OffsetSpec.Latest), cancellationToken: cancellation);
            if (partitions.Any(p => !committed.TryGetValue(p, out var c) || c.Offset < ends[p].Offset))
            {
                return false;
            }
        }

        return true;
    }

    private Table Table(DemoResults results)
    {
        var table = new Table { Border = TableBorder.Rounded, Title = new TableTitle(
            $"{flights} flights, {results.Hourly.Count} airport hours so far") };
        table.AddColumns("airport", "city", "flights", "mean delay (min)");
        foreach (var (airport, row) in results.LateAirports.OrderByDescending(r => r.Value.Flights).Take(Rows))
        {
            table.AddRow(airport, Markup.Escape(row.City), $"{row.Flights}", $"{row.MeanDelay:0.0}");
        }

        return table;
    }
}
