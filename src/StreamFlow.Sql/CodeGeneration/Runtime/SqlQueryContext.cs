using System.Buffers;
using StreamFlow.Core.Records;
using StreamFlow.Core.Serialization;
using StreamFlow.Sql.Formats;
using StreamFlow.Sql.Functions;
using StreamFlow.Sql.Rows;
using StreamFlow.Streams;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Sql.CodeGeneration.Runtime;

/// <summary>What generated code is given: serdes, functions, the processing log, and for transient queries the place rows go to.</summary>
/// <param name="functions">Clock and randomness of functions.</param>
/// <param name="registry">The schema registry, or null.</param>
/// <param name="onError">Called with the SQL and the cause when an expression fails.</param>
/// <param name="onRow">Called with each row of a transient query: its values, and whether it is a tombstone.</param>
public sealed class SqlQueryContext(
    SqlFunctionContext functions, ISchemaRegistry? registry, Action<string, Exception> onError, Action<object?[], bool>? onRow = null)
{
    /// <summary>Clock and randomness of functions.</summary>
    public SqlFunctionContext Functions => functions;

    /// <summary>How topologies are built.</summary>
    public TopologyOptions Topology { get; init; } = TopologyOptions.Default;

    /// <summary>The serde of a key.</summary>
    public Serde<TRow?> Key<TRow>(FormatSpec format)
        where TRow : struct, IRow<TRow> => Serdes.Nullable(FormatSerdes.Create<TRow>(format, SerdeTarget.Key, registry));

    /// <summary>The serde of a value.</summary>
    public Serde<TRow> Value<TRow>(FormatSpec format)
        where TRow : struct, IRow<TRow> => FormatSerdes.Create<TRow>(format, SerdeTarget.Value, registry);

    /// <summary>The serde of a value that may be null inside the topology, too.</summary>
    public Serde<TRow?> NullableValue<TRow>(FormatSpec format)
        where TRow : struct, IRow<TRow> => Serdes.Nullable(Value<TRow>(format));

    /// <summary>The serde of rows in stores and internal topics.</summary>
    public static Serde<TRow> State<TRow>()
        where TRow : struct, IRow<TRow> => FormatSerdes.CreateState<TRow>();

    /// <summary>A row as bytes in a format.</summary>
    public byte[] Bytes<TRow>(TRow row, FormatSpec format, SerdeTarget target, string topic)
        where TRow : struct, IRow<TRow>
    {
        var output = new ArrayBufferWriter<byte>();
        FormatSerdes.Create<TRow>(format, target, registry).Serialize(row, output, new SerdeContext(topic, target, Headers.Empty));
        return output.WrittenSpan.ToArray();
    }

    /// <summary>Logs that an expression failed; its value is null.</summary>
    public void Failed(string sql, Exception cause) => onError(sql, cause);

    /// <summary>Hands out a row of a transient query.</summary>
    public void Emit(object?[] values, bool isTombstone) => onRow?.Invoke(values, isTombstone);
}
