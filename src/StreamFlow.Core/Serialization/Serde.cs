using System.Buffers;
using StreamFlow.Core.Errors;

namespace StreamFlow.Core.Serialization;

/// <summary>
/// Turns values into bytes and back. Null never reaches a serde: a null key or value is the absence of bytes, which the engine handles.
/// Implementations are shared by threads and hold no state of a single call.
/// </summary>
/// <typeparam name="T">The value's type.</typeparam>
public abstract class Serde<T>
{
    /// <summary>Writes the value.</summary>
    /// <param name="value">Never null.</param>
    /// <param name="output">Where the bytes go; only append.</param>
    /// <param name="context">The topic and half of the record.</param>
    /// <exception cref="SerializationException">The value cannot be written.</exception>
    public abstract void Serialize(T value, IBufferWriter<byte> output, in SerdeContext context);

    /// <summary>Reads a value.</summary>
    /// <param name="data">The bytes; they are valid during the call only.</param>
    /// <param name="context">The topic and half of the record.</param>
    /// <exception cref="SerializationException">The bytes are not such a value.</exception>
    public abstract T Deserialize(ReadOnlySpan<byte> data, in SerdeContext context);
}
