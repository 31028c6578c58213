using System.Globalization;
using StreamFlow.Core.Errors;
using StreamFlow.Sql.Ast;
using StreamFlow.Sql.Diagnostics;
using StreamFlow.Sql.Types;

namespace StreamFlow.Sql.Catalog;

/// <summary>The properties of a WITH clause, checked for names and types.</summary>
internal sealed class WithProperties
{
    private static readonly string[] Known =
    [
        "KAFKA_TOPIC", "PARTITIONS", "REPLICAS", "RETENTION_MS", "CLEANUP_POLICY", "FORMAT", "KEY_FORMAT", "VALUE_FORMAT", "KEY_DELIMITER",
        "VALUE_DELIMITER", "TIMESTAMP", "TIMESTAMP_FORMAT", "WRAP_SINGLE_VALUE", "WINDOW_TYPE", "WINDOW_SIZE", "KEY_SCHEMA_ID",
        "VALUE_SCHEMA_ID", "KEY_SCHEMA_FULL_NAME", "VALUE_SCHEMA_FULL_NAME", "VALUE_AVRO_SCHEMA_FULL_NAME",
        "KEY_PROTOBUF_NULLABLE_REPRESENTATION", "VALUE_PROTOBUF_NULLABLE_REPRESENTATION", "SOURCED_BY_CONNECTOR", "SOURCE_CONNECTOR",
            "QUERY_ID",
    ];

    private readonly Dictionary<string, PropertyNode> _properties = new(StringComparer.Ordinal);

    public WithProperties(IEnumerable<PropertyNode> properties, SourceSpan span)
    {
        Span = span;
        foreach (var property in properties)
        {
            if (!Known.Contains(property.Name))
            {
                throw Bad(property.Span, $"WITH has no property {property.Name}.", NearestName.Hint(property.Name, Known));
            }

            if (!_properties.TryAdd(property.Name, property))
            {
                throw Bad(property.Span, $"{property.Name} is given twice.");
            }
        }

        if (Has("FORMAT") && (Has("KEY_FORMAT") || Has("VALUE_FORMAT")))
        {
            throw Bad(SpanOf("FORMAT"), "FORMAT sets both formats; give it, or KEY_FORMAT and VALUE_FORMAT.");
        }
    }

    /// <summary>Where the statement stands.</summary>
    public SourceSpan Span { get; }

    public bool Has(string name) => _properties.ContainsKey(name);

    public SourceSpan SpanOf(string name) => _properties.TryGetValue(name, out var property) ? property.Span : Span;

    public string? Text(string name)
    {
        if (!_properties.TryGetValue(name, out var property))
        {
            return null;
        }

        return property.Value is StringLiteral { Value: var text } ? text : throw Bad(property.Span, $"{name} takes a string.");
    }

    public long? Number(string name)
    {
        if (!_properties.TryGetValue(name, out var property))
        {
            return null;
        }

        return property.Value switch
        {
            IntegerLiteral i => i.Value,
            BigIntLiteral l => l.Value,
            StringLiteral s when long.TryParse(s.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n) => n,
            _ => throw Bad(property.Span, $"{name} takes a whole number."),
        };
    }

    public bool? Boolean(string name)
    {
        if (!_properties.TryGetValue(name, out var property))
        {
            return null;
        }

        return property.Value switch
        {
            BooleanLiteral b => b.Value,
            StringLiteral s when bool.TryParse(s.Value, out var b) => b,
            _ => throw Bad(property.Span, $"{name} takes TRUE or FALSE."),
        };
    }

    /// <summary>Partitions of the topic; null when not given.</summary>
    public int? Partitions() => Positive("PARTITIONS");

    /// <summary>Replicas of the topic; null when not given.</summary>
    public int? Replicas() => Positive("REPLICAS");

    /// <summary>Settings of the topic, when it is made: RETENTION_MS (-1 for ever) and CLEANUP_POLICY.</summary>
    public Dictionary<string, string> TopicConfig()
    {
        var config = new Dictionary<string, string>(StringComparer.Ordinal);
        if (Number("RETENTION_MS") is { } retention)
        {
            config["retention.ms"] = retention >= -1
                ? retention.ToString(CultureInfo.InvariantCulture)
                : throw Bad(SpanOf("RETENTION_MS"), "RETENTION_MS is a number of ms, or -1 for no limit.");
        }

        if (Text("CLEANUP_POLICY")?.ToLowerInvariant() is { } policy)
        {
            config["cleanup.policy"] = policy is "delete" or "compact" or "compact,delete" or "delete,compact"
                ? policy
                : throw Bad(SpanOf("CLEANUP_POLICY"), $"'{policy}' is no CLEANUP_POLICY.", "delete, compact or 'compact,delete'");
        }

        return config;
    }

    /// <summary>The delimiter of one side: one character, or SPACE or TAB.</summary>
    public char? Delimiter(string name) => Text(name) switch
    {
        null => null,
        "SPACE" => ' ',
        "TAB" => '\t',
        { Length: 1 } text => text[0],
        var text => throw Bad(SpanOf(name), $"'{text}' is no delimiter.", "give one character, or SPACE or TAB"),
    };

    /// <summary>The declared window of the keys, or null.</summary>
    public WindowSpec? Window()
    {
        var type = Text("WINDOW_TYPE")?.ToUpperInvariant();
        var size = Text("WINDOW_SIZE");
        switch (type)
        {
            case null when size is not null:
                throw Bad(SpanOf("WINDOW_SIZE"), "WINDOW_SIZE needs WINDOW_TYPE.");
            case null:
                return null;
            case "SESSION" when size is not null:
                throw Bad(SpanOf("WINDOW_SIZE"), "Sessions have no WINDOW_SIZE.");
            case "SESSION":
                return new WindowSpec("SESSION", null);
            case "TUMBLING" or "HOPPING":
                return new WindowSpec(type, Duration(size ?? throw Bad(SpanOf("WINDOW_TYPE"), $"{type} needs WINDOW_SIZE.")));
            default:
                throw Bad(SpanOf("WINDOW_TYPE"), $"'{type}' is no window.", "TUMBLING, HOPPING or SESSION");
        }
    }

    public static SqlException Bad(SourceSpan span, string message, string? hint = null) => new(SqlErrors.BadProperty, span, message, hint);

    private int? Positive(string name) => Number(name) is not { } number ? null
        : number is > 0 and <= int.MaxValue ? (int)number
        : throw Bad(SpanOf(name), $"{name} must be at least 1.");

    private long Duration(string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words is [var count, var unit] && long.TryParse(count, CultureInfo.InvariantCulture, out var number) && number > 0
            && Units.TryParse(unit, out var parsed) && new DurationNode(Span, number, parsed).Milliseconds is var ms and > 0)
        {
            return ms;
        }

        throw Bad(SpanOf("WINDOW_SIZE"), $"'{text}' is no length of time.", "'30 SECONDS'");
    }
}
