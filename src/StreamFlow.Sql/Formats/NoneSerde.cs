using System.Buffers;
using StreamFlow.Core.Serialization;
using StreamFlow.Sql.Rows;

namespace StreamFlow.Sql.Formats;

/// <summary>The format NONE: no columns, no bytes; bytes that are there are not looked at.</summary>
internal sealed class NoneSerde<TRow> : Serde<TRow>
    where TRow : struct, IRow<TRow>
{
    public override void Serialize(TRow value, IBufferWriter<byte> output, in SerdeContext context)
    {
    }

    public override TRow Deserialize(ReadOnlySpan<byte> data, in SerdeContext context) => default;
}
