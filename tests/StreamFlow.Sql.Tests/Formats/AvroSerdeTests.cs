using System.Buffers;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Serialization;
using StreamFlow.Sql.Formats;
using StreamFlow.Sql.Formats.Registry;
using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Tests.Formats;

public sealed class AvroSerdeTests
{
    private static readonly SerdeContext Context = SerdeContext.ForValue("t");
    private static readonly FormatSpec Avro = new("AVRO");

    [Fact]
    public void A_row_survives_writing_and_reading()
    {
        var serde = FormatSerdes.Create<SampleRow>(Avro, SerdeTarget.Value, new InMemorySchemaRegistry());
        var row = new SampleRow
        {
            Id = 1,
            Name = "é",
            Amount = 1.5,
            Price = SqlDecimal.Parse("-1.50"),
            Flag = false,
            At = new SqlTimestamp(5),
            Numbers = new SqlArray<long?>(1, null, -3_000_000_000),
            Tags = new SqlMap<string, string?>(new("k", "v"), new KeyValuePair<string, string?>("n", null)),
            Point = new SamplePoint(7, null),
        };
        foreach (var value in new[] { row, default })
        {
            var output = new ArrayBufferWriter<byte>();
            serde.Serialize(value, output, Context);
            Assert.Equal(value, serde.Deserialize(output.WrittenSpan, Context));
        }
    }

    [Fact]
    public void Columns_are_inferred_from_a_generated_schema()
    {
        var schema = RegistrySchemas.Generate(Avro, SampleRow.Schema, "S", isKey: false);
        var columns = RegistrySchemas.Infer(schema, Avro, isKey: false, upperCase: false, out var unwrapped);
        Assert.False(unwrapped);
        Assert.Equal(SampleRow.Schema.ToString(), columns.ToString());
    }

    [Fact]
    public void A_writer_schema_of_another_shape_is_read_by_name()
    {
        var registry = new InMemorySchemaRegistry();
        const string schema = """
            {"type":"record","name":"R","fields":[
              {"name":"extra","type":{"type":"array","items":"string"}},
              {"name":"count","type":"int"},
              {"name":"NAME","type":{"type":"enum","name":"E","symbols":["A","B"]}}]}
            """;
        var id = registry.Register("t-value", new SchemaText(SchemaKind.Avro, schema));
        var serde = FormatSerdes.Create<FlatRow>(Avro, SerdeTarget.Value, registry);
        byte[] bytes = [0, 0, 0, 0, (byte)id, 2, 2, (byte)'x', 0, 14, 2];
        Assert.Equal(new FlatRow("B", 7, null), serde.Deserialize(bytes, Context));
    }

    [Fact]
    public void Bytes_cut_anywhere_are_an_error()
    {
        var serde = FormatSerdes.Create<FlatRow>(Avro, SerdeTarget.Value, new InMemorySchemaRegistry());
        var output = new ArrayBufferWriter<byte>();
        serde.Serialize(new FlatRow("abc", 1, SqlDecimal.Parse("1.00")), output, Context);
        for (var length = 0; length < output.WrittenCount; length++)
        {
            var cut = output.WrittenMemory[..length];
            Assert.Throws<SerializationException>(() => serde.Deserialize(cut.Span, Context));
        }
    }

    [Fact]
    public void A_format_with_schemas_needs_a_registry() =>
        Assert.Throws<ConfigurationException>(() => FormatSerdes.Create<FlatRow>(Avro, SerdeTarget.Value, null));
}
