using System.Buffers;
using StreamFlow.Core.Serialization;

namespace StreamFlow.Cli.Bench.Streams.Topologies;

/// <summary>A user's serde whose allocations are counted.</summary>
internal sealed class MeteredSerde<T>(Serde<T> inner, UserCode meter) : Serde<T>
{
    public override void Serialize(T value, IBufferWriter<byte> output, in SerdeContext context)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        inner.Serialize(value, output, in context);
        meter.AddSince(before);
    }

    public override T Deserialize(ReadOnlySpan<byte> data, in SerdeContext context)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var value = inner.Deserialize(data, in context);
        meter.AddSince(before);
        return value;
    }
}
