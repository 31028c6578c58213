using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Generator.Definitions;
using StreamFlow.Protocol.Tests.Support;

namespace StreamFlow.Protocol.Tests.Messages;

/// <summary>Every message, in every version, comes back as it was written.</summary>
public sealed class RoundTripTests
{
    private static readonly JsonSerializerOptions Comparable = new()
    {
        Converters = { new MemoryConverter() },
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    public static TheoryData<string> Names => DefinitionSet.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Full_message_comes_back_in_every_version(string name) => CheckAll(name, Samples.Full);

    [Theory]
    [MemberData(nameof(Names))]
    public void Message_with_nulls_comes_back_in_every_version(string name) => CheckAll(name, Samples.WithNulls);

    [Theory]
    [MemberData(nameof(Names))]
    public void Default_message_comes_back_in_every_version(string name) => CheckAll(name, (message, version) =>
    {
        var sample = Samples.Default(message);
        foreach (var field in message.Fields
            .Where(f => f.Default == "null" && f.Versions.Contains(version) && !f.Nullable.Contains(version)))
        {
            sample.GetType().GetProperty(field.Name)!.SetValue(sample, field.Scalar == Scalar.String ? "" : null);
        }

        return sample;
    });

    [Theory]
    [MemberData(nameof(Names))]
    public void Field_that_a_version_lacks_is_refused_unless_it_may_get_lost(string name)
    {
        var message = DefinitionSet.Messages[name];
        foreach (var version in DefinitionSet.VersionsOf(message))
        {
            foreach (var field in message.Fields.Where(f => !f.Versions.Contains(version)))
            {
                var source = Samples.Full(message, (short)Math.Min(field.Versions.Highest, message.Versions.Highest));
                var sample = Samples.Full(message, version);
                var property = sample.GetType().GetProperty(field.Name)!;
                property.SetValue(sample, property.GetValue(source));
                var error = Record.Exception(() => Codec.Encode(sample, version));
                if (field.IsIgnorable)
                {
                    Assert.Null(error);
                }
                else
                {
                    Assert.Contains(field.Name, Assert.IsType<ProtocolException>(error).Message, StringComparison.Ordinal);
                }
            }
        }
    }

    private static void CheckAll(string name, Func<MessageDefinition, short, IVersioned> sampleOf)
    {
        var message = DefinitionSet.Messages[name];
        foreach (var version in DefinitionSet.VersionsOf(message))
        {
            var sample = sampleOf(message, version);
            var bytes = Codec.Encode(sample, version);
            var back = Codec.Decode(sample.GetType(), bytes, version, out var remaining);
            Assert.Equal(0, remaining);
            Assert.Equal(ToText(sample), ToText(back));
            Assert.Equal(bytes, Codec.Encode(back, version));
        }
    }

    private static string ToText(IVersioned message) => JsonSerializer.Serialize(message, message.GetType(), Comparable);

    private sealed class MemoryConverter : JsonConverter<ReadOnlyMemory<byte>>
    {
        public override ReadOnlyMemory<byte> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException("only written");

        public override void Write(Utf8JsonWriter writer, ReadOnlyMemory<byte> value, JsonSerializerOptions options) =>
            writer.WriteBase64StringValue(value.Span);
    }
}
