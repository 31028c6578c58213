using System.Buffers;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Records;
using StreamFlow.Core.Serialization;
using StreamFlow.Sql.Formats;
using StreamFlow.Sql.Rows;
using StreamFlow.Streams;

namespace StreamFlow.Sql.CodeGeneration.Runtime.Reading;

/// <summary>What a row has beside key and value.</summary>
/// <param name="Timestamp">Its time in ms.</param>
/// <param name="WindowStart">Its window's start in ms; 0 without windows.</param>
/// <param name="WindowEnd">Its window's end in ms; 0 without windows.</param>
/// <param name="Headers">Its record's headers; none when it comes from a store.</param>
public readonly record struct PullRecord(long Timestamp, long WindowStart, long WindowEnd, Headers Headers);

/// <summary>A pull query: turns rows of its stream or table into rows of its result. Not thread safe.</summary>
public abstract class PullQuery
{
    /// <summary>The keys it looks up, in the state format; null when it has to see all rows.</summary>
    public abstract IReadOnlyList<byte[]>? Keys();

    /// <summary>The first and the last of the keys it has to see, in the state format; null for no bound.</summary>
    public abstract (byte[]? From, byte[]? To) KeyRange();

    /// <summary>The result's row of a row in a store; null when WHERE drops it.</summary>
    public abstract object?[]? OfStored(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, in PullRecord record);

    /// <summary>The result's row of a record in a topic; null when WHERE drops it or it cannot be read.</summary>
    public abstract object?[]? OfRecord(string topic, byte[]? key, byte[]? value, long timestamp, Headers headers);
}

/// <summary>What generated pull queries have in common.</summary>
/// <param name="sql">What generated code is given.</param>
/// <param name="keyFormat">How records write keys.</param>
/// <param name="valueFormat">How records write values.</param>
/// <param name="isWindowed">Whether the keys of records are windowed.</param>
/// <param name="windowSizeMs">The windows' size in ms; null for sessions.</param>
public abstract class PullQuery<TKey, TValue>(
    SqlQueryContext sql, FormatSpec keyFormat, FormatSpec valueFormat, bool isWindowed, long? windowSizeMs) : PullQuery
    where TKey : struct, IRow<TKey>
    where TValue : struct, IRow<TValue>
{
    private static readonly Serde<TKey> StateKey = SqlQueryContext.State<TKey>();
    private static readonly Serde<TValue> StateValue = SqlQueryContext.State<TValue>();
    private static readonly SerdeContext NoTopic = new("", SerdeTarget.Key, Headers.Empty);
    private Serde<Windowed<TKey?>>? _windowedKey;
    private Serde<TKey?>? _key;
    private Serde<TValue>? _value;

    /// <inheritdoc/>
    public override IReadOnlyList<byte[]>? Keys() => LookedUp()?.Select(key => Bytes(key)!).ToList();

    /// <inheritdoc/>
    public override (byte[]? From, byte[]? To) KeyRange()
    {
        var (from, to) = Bounds();
        return (Bytes(from), Bytes(to));
    }

    /// <inheritdoc/>
    public override object?[]? OfStored(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, in PullRecord record) =>
        Row(StateKey.Deserialize(key, NoTopic), StateValue.Deserialize(value, NoTopic), record);

    /// <inheritdoc/>
    public override object?[]? OfRecord(string topic, byte[]? key, byte[]? value, long timestamp, Headers headers)
    {
        if (value is null)
        {
            return null;
        }

        try
        {
            var (rowKey, window) = key is null ? default : ReadKey(topic, key, headers);
            _value ??= sql.Value<TValue>(valueFormat);
            var row = _value.Deserialize(value, new SerdeContext(topic, SerdeTarget.Value, headers));
            var time = Time(rowKey, row, timestamp);
            return time < 0 ? null : Row(rowKey, row, new PullRecord(time, window.Start, window.End, headers));
        }
        catch (SerializationException e)
        {
            // As in a running query: what cannot be read is logged and left out.
            sql.Failed(topic, e);
            return null;
        }
    }

    /// <summary>The keys it looks up; null when it has to see all rows.</summary>
    protected virtual TKey[]? LookedUp() => null;

    /// <summary>The first and the last of the keys it has to see; null for no bound.</summary>
    protected virtual (TKey? From, TKey? To) Bounds() => default;

    /// <summary>The result's row; null when WHERE drops it.</summary>
    protected abstract object?[]? Row(TKey? key, TValue row, in PullRecord record);

    /// <summary>The time of a record in ms; negative when it has none and is dropped.</summary>
    protected virtual long Time(TKey? key, TValue row, long timestamp) => timestamp;

    private static byte[]? Bytes(TKey? key)
    {
        if (key is not { } some)
        {
            return null;
        }

        var output = new ArrayBufferWriter<byte>();
        StateKey.Serialize(some, output, NoTopic);
        return output.WrittenSpan.ToArray();
    }

    private (TKey? Key, Window Window) ReadKey(string topic, byte[] key, Headers headers)
    {
        var context = new SerdeContext(topic, SerdeTarget.Key, headers);
        _key ??= sql.Key<TKey>(keyFormat);
        if (!isWindowed)
        {
            return (_key.Deserialize(key, context), default);
        }

        _windowedKey ??= windowSizeMs is { } size
            ? WindowedSerdes.Time(_key, TimeSpan.FromMilliseconds(size))
            : WindowedSerdes.Session(_key);
        var windowed = _windowedKey.Deserialize(key, context);
        return (windowed.Key, windowed.Window);
    }
}
