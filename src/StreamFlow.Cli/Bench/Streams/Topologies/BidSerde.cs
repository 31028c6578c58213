using System.Buffers;
using System.Text.Json;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Serialization;

namespace StreamFlow.Cli.Bench.Streams.Topologies;

/// <summary>
/// Reads the numbers of a bid and leaves the rest of its JSON alone; stops behind the last of them. Writes those numbers only.
/// </summary>
internal sealed class BidSerde : Serde<Bid>
{
    public static BidSerde Instance { get; } = new();

    public override void Serialize(Bid value, IBufferWriter<byte> output, in SerdeContext context) =>
        BenchJson.NumbersSerde.Serialize(value, output, in context);

    public override Bid Deserialize(ReadOnlySpan<byte> data, in SerdeContext context)
    {
        const int Wanted = 4;
        long auction = 0, bidder = 0, price = 0, dateTime = 0;
        var found = 0;
        try
        {
            var reader = new Utf8JsonReader(data);
            reader.Read();
            while (found < Wanted && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("auction"u8))
                {
                    auction = Number(ref reader, ref found);
                }
                else if (reader.ValueTextEquals("bidder"u8))
                {
                    bidder = Number(ref reader, ref found);
                }
                else if (reader.ValueTextEquals("price"u8))
                {
                    price = Number(ref reader, ref found);
                }
                else if (reader.ValueTextEquals("dateTime"u8))
                {
                    dateTime = Number(ref reader, ref found);
                }
                else
                {
                    reader.Skip();
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new SerializationException($"a {context.Target} of {context.Topic} is not the JSON of a bid: {e.Message}", e);
        }

        return new Bid(auction, bidder, price, dateTime);
    }

    private static long Number(ref Utf8JsonReader reader, ref int found)
    {
        reader.Read();
        found++;
        return reader.GetInt64();
    }
}
