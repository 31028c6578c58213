// An embedded cluster, a topology on it and a producer in one process, made to be killed. Usage: DIRECTORY FIRST
// Sends the payments FIRST, FIRST + 1, ... and prints the number of each one that was acknowledged.
using System.Globalization;
using StreamFlow.Client.Producing;
using StreamFlow.Core.Serialization;
using StreamFlow.Embedded;
using StreamFlow.Processes.Programs;
using StreamFlow.Streams.Runtime;

var directory = args[0];
var number = long.Parse(args[1], CultureInfo.InvariantCulture);
await using var cluster = await Cluster.OpenAsync("embedded:" + Path.Combine(directory, "data"), broker: EmbeddedTotals.Broker);
await using var application = new StreamsApplication(Totals.Build(), EmbeddedTotals.Options(directory), cluster);
await application.StartAsync();
await using var producer = cluster.CreateProducer(ProducerOptions.Default);
await producer.PartitionsForAsync(Totals.Input);
Console.WriteLine("started");
while (!application.Completion.IsCompleted)
{
    var batch = new List<Task>();
    for (var i = 0; i < 10; i++, number++)
    {
        batch.Add(SendAsync(number));
    }

    await Task.WhenAll(batch);
    await Task.Delay(1);
}

await application.Completion;

async Task SendAsync(long sent)
{
    await producer.SendAsync(Totals.Input, EmbeddedTotals.KeyOf(sent), sent, Serdes.String, Serdes.Int64);
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"acked {sent}"));
}
