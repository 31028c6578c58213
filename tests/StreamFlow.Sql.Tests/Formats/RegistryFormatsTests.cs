using System.Buffers;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Serialization;
using StreamFlow.Sql.Formats;
using StreamFlow.Sql.Formats.Registry;
using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Tests.Formats;

public sealed class RegistryFormatsTests
{
    private static readonly SerdeContext Context = SerdeContext.ForValue("t");

    private static readonly SampleRow Row = new()
    {
        Id = -1,
        Name = "é",
        Amount = 1.5,
        Price = SqlDecimal.Parse("-1.50"),
        Flag = true,
        At = new SqlTimestamp(-5),
        Numbers = new SqlArray<long?>(1, 0, -3_000_000_000),
        Tags = new SqlMap<string, string?>(new("k", "v"), new KeyValuePair<string, string?>("", "w")),
        Point = new SamplePoint(7, 9),
    };

    [Theory]
    [InlineData("JSON_SR")]
    [InlineData("PROTOBUF")]
    [InlineData("PROTOBUF_NOSR")]
    public void A_row_survives_writing_and_reading(string format)
    {
        var serde = FormatSerdes.Create<SampleRow>(new FormatSpec(format), SerdeTarget.Value, new InMemorySchemaRegistry());
        var output = new ArrayBufferWriter<byte>();
        serde.Serialize(Row, output, Context);
        var back = serde.Deserialize(output.WrittenSpan, Context);
        Assert.Equal(Row with { Raw = null }, back with { Raw = null });
    }

    [Theory]
    [InlineData(null, 0, "")]
    [InlineData("OPTIONAL", null, null)]
    [InlineData("WRAPPER", null, null)]
    public void Protobuf_nulls_are_defaults_unless_told_otherwise(string? nulls, int? id, string? name)
    {
        var spec = new FormatSpec("PROTOBUF_NOSR") { NullableRepresentation = nulls };
        var serde = FormatSerdes.Create<SampleRow>(spec, SerdeTarget.Value, null);
        var output = new ArrayBufferWriter<byte>();
        serde.Serialize(default, output, Context);
        var back = serde.Deserialize(output.WrittenSpan, Context);
        Assert.Equal(id, back.Id);
        Assert.Equal(name, back.Name);
        Assert.Null(back.Point);
        Assert.Equal(0, back.Numbers?.Count);
    }

    [Theory]
    [InlineData("JSON_SR")]
    [InlineData("PROTOBUF")]
    public void Columns_are_inferred_from_a_generated_schema(string format)
    {
        var spec = new FormatSpec(format);
        var schema = RegistrySchemas.Generate(spec, SampleRow.Schema, "S", isKey: false);
        var columns = RegistrySchemas.Infer(schema, spec, isKey: false, upperCase: false, out _);
        Assert.Equal(SampleRow.Schema.ToString(), columns.ToString());
    }

    [Fact]
    public void Protobuf_definitions_are_read_with_all_their_parts()
    {
        const string text = """
            syntax = "proto3"; // a comment
            package p.q;
            import "google/protobuf/timestamp.proto";
            option java_package = "x";
            message Outer {
              reserved 5;
              enum Color { RED = 0; GREEN = 1; }
              message Inner { int32 a = 1; }
              repeated Inner items = 1;
              map<string, Inner> by_name = 2;
              Color color = 3;
              oneof choice { string s = 4; uint32 n = 6; }
              google.protobuf.Timestamp at = 7;
            }
            """;
        var columns = RegistrySchemas.Infer(new SchemaText(SchemaKind.Protobuf, text), new FormatSpec("PROTOBUF"), false, true, out _);
        Assert.Equal(
            "`ITEMS` ARRAY<STRUCT<`A` INTEGER>>, `BY_NAME` MAP<STRING, STRUCT<`A` INTEGER>>, `COLOR` STRING, `S` STRING, `N` BIGINT, `AT` TIMESTAMP",
            columns.ToString());
    }

    [Fact]
    public void Protobuf_bytes_cut_inside_a_value_are_an_error()
    {
        var serde = FormatSerdes.Create<FlatRow>(new FormatSpec("PROTOBUF_NOSR"), SerdeTarget.Value, null);
        var output = new ArrayBufferWriter<byte>();
        serde.Serialize(new FlatRow("abc", 1, null), output, Context);
        Assert.Throws<SerializationException>(() => serde.Deserialize(output.WrittenSpan[..3], Context));
    }
}
