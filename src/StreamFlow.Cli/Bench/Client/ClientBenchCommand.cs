using System.CommandLine;
using StreamFlow.Cli.Shell;
using StreamFlow.Client;
using StreamFlow.Client.Administration;
using StreamFlow.Client.Consuming;
using StreamFlow.Client.Producing;

namespace StreamFlow.Cli.Bench.Client;

/// <summary><c>bench client produce|consume</c>: what a record costs our client, by CPU time of this process.</summary>
internal static class ClientBenchCommand
{
    private static readonly Option<string> Topic = new("--topic")
    {
        Description = "The topic; made when it does not exist.", Required = true,
    };

    private static readonly Option<int> Records = new("--records")
    {
        Description = "How many records.", DefaultValueFactory = _ => 1_000_000,
    };

    private static readonly Option<int> Size = new("--size") { Description = "Bytes of each value.", DefaultValueFactory = _ => 100 };
    private static readonly Option<Acks> AcksWanted = new("--acks")
    {
        Description = "all, leader or none.", DefaultValueFactory = _ => Acks.All,
    };

    public static Command Create() => new(
        "client", "What a record costs our client. Example: bench client produce --cluster memory: --topic t")
    {
        Produce(), Consume(),
    };

    private static Command Produce()
    {
        var command = new Command("produce", "Appends records without waiting for each.") { Topic, Records, Size, AcksWanted };
        command.Runs(async (parsed, cancellation) =>
        {
            await using var cluster = await OpenedCluster.OpenAsync(parsed, cancellation);
            var topic = parsed.GetRequiredValue(Topic);
            await cluster.Admin.CreateTopicsAsync([new NewTopic(topic, 1)], ignoreExisting: true, cancellation);
            var acks = parsed.GetValue(AcksWanted);
            await using var producer = cluster.CreateProducer(new ProducerOptions { Acks = acks, EnableIdempotence = acks == Acks.All });
            await producer.PartitionsForAsync(topic, cancellation);
            var measure = ClientMeasure.Start(cluster.Clock);
            var value = new byte[parsed.GetValue(Size)];
            await new ClientLoad(topic, parsed.GetValue(Records), 1, cluster.Clock).ProduceAsync(producer, value, cancellation);
            measure.Print("client.produce", parsed.GetValue(Records), parsed.GetValue(Size));
            return ExitCodes.Done;
        });
        return command;
    }

    private static Command Consume()
    {
        var command = new Command("consume", "Reads the topic from its start, batch by batch.") { Topic, Records, Size };
        command.Runs(async (parsed, cancellation) =>
        {
            await using var cluster = await OpenedCluster.OpenAsync(parsed, cancellation);
            await using var consumer = cluster.CreateConsumer(new ConsumerOptions { AutoOffsetReset = AutoOffsetReset.Earliest });
            await ClientLoad.AssignAllAsync(consumer, parsed.GetRequiredValue(Topic), cancellation);
            var measure = ClientMeasure.Start(cluster.Clock);
            var wanted = parsed.GetValue(Records);
            await ClientLoad.ConsumeAsync(consumer, wanted, cancellation);
            measure.Print("client.consume", wanted, parsed.GetValue(Size));
            return ExitCodes.Done;
        });
        return command;
    }
}
