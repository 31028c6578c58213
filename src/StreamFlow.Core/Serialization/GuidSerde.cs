using System.Buffers;
using System.Buffers.Text;
using StreamFlow.Core.Errors;

namespace StreamFlow.Core.Serialization;

/// <summary>The 36 characters <c>xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx</c>.</summary>
internal sealed class GuidSerde : Serde<Guid>
{
    private const int TextLength = 36;

    public override void Serialize(Guid value, IBufferWriter<byte> output, in SerdeContext context)
    {
        value.TryFormat(output.GetSpan(TextLength), out var written);
        output.Advance(written);
    }

    public override Guid Deserialize(ReadOnlySpan<byte> data, in SerdeContext context) =>
        Utf8Parser.TryParse(data, out Guid value, out var consumed) && consumed == data.Length
            ? value
            : throw new SerializationException(
                $"a Guid is {TextLength} characters of text, this {context.Target} of {context.Topic} is not");
}
