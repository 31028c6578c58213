using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Serialization;
using StreamFlow.Streams;

namespace StreamFlow.Conformance.Streams;

/// <summary>A type of the format (FORMAT section 3): its JSON form and its bytes. Values are objects, null is null.</summary>
internal sealed class DataType : Serde<object>
{
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private const long MaxMilliseconds = long.MaxValue / TimeSpan.TicksPerMillisecond;

    private DataType(string kind, DataType? inner = null, long size = 0)
    {
        Kind = kind;
        Inner = inner;
        Size = size;
    }

    public static DataType String { get; } = new("string");

    public static DataType Long { get; } = new("long");

    public string Kind { get; }

    /// <summary>The inner key's type of a windowed key.</summary>
    public DataType? Inner { get; }

    /// <summary>The size of time windows in ms.</summary>
    public long Size { get; }

    public bool IsWindowed => Inner is not null;

    public static DataType TimeWindowed(DataType inner, long size) => new("time", inner, size);

    public static DataType SessionWindowed(DataType inner) => new("session", inner);

    public static DataType Read(JsonElement json) =>
        json.ValueKind == JsonValueKind.String
            ? new(json.GetString()!)
            : new(
                json.GetProperty("windowed").GetString()!,
                Read(json.GetProperty("inner")),
                json.TryGetProperty("size", out var size) ? size.GetInt64() : 0);

    /// <summary>The serde of windowed keys, in the engine's own layout.</summary>
    public Serde<Windowed<object>> WindowedSerde() => WindowedSerde<object>(Inner!);

    /// <summary>The serde of windowed keys whose inner keys are of a type of the engine's, windowed themselves.</summary>
    public Serde<Windowed<TInner>> WindowedSerde<TInner>(Serde<TInner> inner) =>
        Kind == "time"
            ? WindowedSerdes.Time(inner, Size > MaxMilliseconds ? TimeSpan.MaxValue : TimeSpan.FromMilliseconds(Size))
            : WindowedSerdes.Session(inner);

    public object? FromJson(JsonElement json) => json.ValueKind == JsonValueKind.Null
        ? null
        : Kind switch
        {
            "string" => json.GetString(),
            "long" => json.GetInt64(),
            "int" => json.GetInt32(),
            "double" => json.GetDouble(),
            "bytes" => new RawBytes(json.GetString()!),
            "list" => new TextList([.. json.EnumerateArray().Select(i => i.GetString()!)]),
            _ => new Windowed<object>(
                Inner!.FromJson(json.GetProperty("k"))!, new Window(
                    json.GetProperty("start").GetInt64(), json.GetProperty("end").GetInt64())),
        };

    public override void Serialize(object value, IBufferWriter<byte> output, in SerdeContext context)
    {
        switch (Kind)
        {
            case "string":
                output.Write(Encoding.UTF8.GetBytes((string)value));
                break;
            case "long":
                Serdes.Int64.Serialize((long)value, output, context);
                break;
            case "int":
                Serdes.Int32.Serialize((int)value, output, context);
                break;
            case "double":
                Serdes.Double.Serialize((double)value, output, context);
                break;
            case "bytes":
                output.Write(Convert.FromHexString(((RawBytes)value).Hex));
                break;
            case "list":
                output.Write(JsonSerializer.SerializeToUtf8Bytes(((TextList)value).Items, Compact));
                break;
            default:
                WindowedSerde().Serialize((Windowed<object>)value, output, context);
                break;
        }
    }

    public override object Deserialize(ReadOnlySpan<byte> data, in SerdeContext context) => Kind switch
    {
        "string" => Encoding.UTF8.GetString(data),
        "long" => Serdes.Int64.Deserialize(data, context),
        "int" => Serdes.Int32.Deserialize(data, context),
        "double" => Serdes.Double.Deserialize(data, context),
        "bytes" => new RawBytes(Convert.ToHexStringLower(data)),
        "list" => ReadList(data),
        _ => WindowedSerde().Deserialize(data, context),
    };

    private static TextList ReadList(ReadOnlySpan<byte> data)
    {
        try
        {
            return new TextList(JsonSerializer.Deserialize<string[]>(data)!);
        }
        catch (JsonException e)
        {
            throw new SerializationException("not a list", e);
        }
    }
}
