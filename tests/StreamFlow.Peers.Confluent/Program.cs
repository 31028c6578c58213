using System.Globalization;
using StreamFlow.Peers.Confluent;

// Confluent.Kafka as a peer in benchmarks and as a client in interop tests:
//   produce|consume --cluster HOST:PORT --topic T --records N --warmup N --size BYTES [--acks -1|0|1] [--delivery-reports]
//   exchange --cluster HOST:PORT --topic T --records N [--compression none|gzip|snappy|lz4|zstd]
//   transactions --cluster HOST:PORT --topic T --records N
var options = CommandLine.Parse(args[1..]);
return args[0] switch
{
    "produce" => Load.Produce(options),
    "consume" => Load.Consume(options),
    "exchange" => await Exchange.RunAsync(options),
    "transactions" => Transactions.Run(options),
    var other => throw new ArgumentException(string.Create(CultureInfo.InvariantCulture, $"unknown word {other}")),
};
