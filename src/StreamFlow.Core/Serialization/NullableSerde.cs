using System.Buffers;

namespace StreamFlow.Core.Serialization;

/// <summary>Lifts a serde of a value type to its nullable form; null itself is handled by the engine.</summary>
internal sealed class NullableSerde<T>(Serde<T> inner) : Serde<T?>
    where T : struct
{
    public override void Serialize(T? value, IBufferWriter<byte> output, in SerdeContext context) =>
        inner.Serialize(value!.Value, output, context);

    public override T? Deserialize(ReadOnlySpan<byte> data, in SerdeContext context) => inner.Deserialize(data, context);
}
