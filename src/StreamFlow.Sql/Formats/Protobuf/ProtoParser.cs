using System.Globalization;
using StreamFlow.Core.Errors;

namespace StreamFlow.Sql.Formats.Protobuf;

/// <summary>Reads .proto definitions: messages, enums, maps, oneofs, nested types. Services and options are passed over.</summary>
internal sealed class ProtoParser
{
    private static readonly Dictionary<string, ProtoKind> Scalars = new(StringComparer.Ordinal)
    {
        ["double"] = ProtoKind.Double,
        ["float"] = ProtoKind.Float,
        ["int32"] = ProtoKind.Int32,
        ["int64"] = ProtoKind.Int64,
        ["uint32"] = ProtoKind.UInt32,
        ["uint64"] = ProtoKind.UInt64,
        ["sint32"] = ProtoKind.SInt32,
        ["sint64"] = ProtoKind.SInt64,
        ["fixed32"] = ProtoKind.Fixed32,
        ["fixed64"] = ProtoKind.Fixed64,
        ["sfixed32"] = ProtoKind.SFixed32,
        ["sfixed64"] = ProtoKind.SFixed64,
        ["bool"] = ProtoKind.Bool,
        ["string"] = ProtoKind.String,
        ["bytes"] = ProtoKind.Bytes,
    };

    private readonly Dictionary<string, ProtoMessage> _messages = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ProtoEnum> _enums = new(StringComparer.Ordinal);
    private readonly List<(ProtoField Field, string Scope)> _unresolved = [];

    /// <summary>Parses a definition; types of its references may be used.</summary>
    /// <exception cref="ConfigurationException">The text is no Protobuf definition.</exception>
    public static ProtoFile Parse(SchemaText schema)
    {
        var parser = new ProtoParser();
        parser.ReadFile(ProtoWellKnown.Definitions);
        foreach (var reference in schema.References.Values)
        {
            parser.ReadFile(reference.Text);
        }

        var own = parser.ReadFile(schema.Text);
        parser.Resolve();
        return new ProtoFile(own);
    }

    private List<ProtoMessage> ReadFile(string text)
    {
        var tokens = new ProtoTokens(text);
        var messages = new List<ProtoMessage>();
        var package = string.Empty;
        while (!tokens.AtEnd)
        {
            switch (tokens.Take())
            {
                case "message":
                    var message = ReadMessage(tokens, package);
                    message.Index = messages.Count;
                    messages.Add(message);
                    break;
                case "enum":
                    ReadEnum(tokens, package);
                    break;
                case "package":
                    package = tokens.Take();
                    tokens.Expect(";");
                    break;
                case "service" or "extend":
                    tokens.Take();
                    tokens.Expect("{");
                    tokens.TakeUntil("}", "{");
                    break;
                case ";":
                    break;
                case "syntax" or "import" or "option":
                    SkipStatement(tokens);
                    break;
                case var other:
                    throw new ConfigurationException($"'{other}' is no statement of a Protobuf definition.");
            }
        }

        return messages;
    }

    private ProtoMessage ReadMessage(ProtoTokens tokens, string scope)
    {
        var message = new ProtoMessage(Join(scope, tokens.Take()));
        _messages[message.FullName] = message;
        tokens.Expect("{");
        while (!tokens.TryTake("}"))
        {
            ReadMember(tokens, message, inOneof: false);
        }

        return message;
    }

    private void ReadMember(ProtoTokens tokens, ProtoMessage message, bool inOneof)
    {
        switch (tokens.Peek)
        {
            case ";":
                tokens.Take();
                break;
            case "message":
                tokens.Take();
                message.Nested.Add(ReadMessage(tokens, message.FullName));
                break;
            case "enum":
                tokens.Take();
                ReadEnum(tokens, message.FullName);
                break;
            case "option" or "reserved" or "extensions":
                SkipStatement(tokens);
                break;
            case "oneof":
                tokens.Take();
                tokens.Take();
                tokens.Expect("{");
                while (!tokens.TryTake("}"))
                {
                    ReadMember(tokens, message, inOneof: true);
                }

                break;
            case "map":
                ReadMap(tokens, message);
                break;
            default:
                ReadField(tokens, message, inOneof);
                break;
        }
    }

    private void ReadField(ProtoTokens tokens, ProtoMessage message, bool inOneof)
    {
        var repeated = tokens.TryTake("repeated");
        var optional = tokens.TryTake("optional") || tokens.TryTake("required");
        var type = tokens.Take();
        var name = tokens.Take();
        tokens.Expect("=");
        var number = Number(tokens.Take());
        var options = tokens.TryTake("[") ? tokens.TakeUntil("]", "[") : [];
        tokens.Expect(";");
        Add(message, new ProtoField
        {
            Name = name,
            Number = number,
            TypeName = type,
            IsRepeated = repeated,
            HasPresence = optional || inOneof,
            Precision = Option(options, "precision"),
            Scale = Option(options, "scale"),
        });
    }

    private void ReadMap(ProtoTokens tokens, ProtoMessage message)
    {
        tokens.Expect("map");
        tokens.Expect("<");
        var key = tokens.Take();
        tokens.Expect(",");
        var value = tokens.Take();
        tokens.Expect(">");
        var name = tokens.Take();
        tokens.Expect("=");
        var number = Number(tokens.Take());
        if (tokens.TryTake("["))
        {
            tokens.TakeUntil("]", "[");
        }

        tokens.Expect(";");
        var entry = new ProtoMessage(Join(message.FullName, name + "Entry"));
        _messages[entry.FullName] = entry;
        Add(entry, new ProtoField { Name = "key", Number = 1, TypeName = key }, message.FullName);
        Add(entry, new ProtoField { Name = "value", Number = 2, TypeName = value }, message.FullName);
        Add(message, new ProtoField { Name = name, Number = number, TypeName = entry.FullName, IsRepeated = true, IsMap = true });
    }

    private void ReadEnum(ProtoTokens tokens, string scope)
    {
        var name = Join(scope, tokens.Take());
        var values = new List<KeyValuePair<string, int>>();
        tokens.Expect("{");
        while (!tokens.TryTake("}"))
        {
            if (tokens.Peek is "option" or "reserved")
            {
                SkipStatement(tokens);
            }
            else if (!tokens.TryTake(";"))
            {
                var value = tokens.Take();
                tokens.Expect("=");
                values.Add(KeyValuePair.Create(value, Number(tokens.Take())));
                if (tokens.TryTake("["))
                {
                    tokens.TakeUntil("]", "[");
                }

                tokens.Expect(";");
            }
        }

        _enums[name] = new ProtoEnum(name, values);
    }

    private void Add(ProtoMessage message, ProtoField field, string? scope = null)
    {
        message.Fields.Add(field);
        _unresolved.Add((field, scope ?? message.FullName));
    }

    private void Resolve()
    {
        foreach (var (field, scope) in _unresolved)
        {
            if (Scalars.TryGetValue(field.TypeName, out var kind))
            {
                field.Kind = kind;
                continue;
            }

            field.Message = Find(_messages, field.TypeName, scope);
            field.Enum = field.Message is null ? Find(_enums, field.TypeName, scope) : null;
            field.Kind = field.Message is not null ? ProtoKind.Message
                : field.Enum is not null ? ProtoKind.Enum
                : throw new ConfigurationException($"The Protobuf definition has no type {field.TypeName}.");
        }
    }

    // A name is looked for from the innermost scope outward; a leading dot makes it absolute.
    private static T? Find<T>(Dictionary<string, T> types, string name, string scope)
        where T : class
    {
        if (name.StartsWith('.'))
        {
            return types.GetValueOrDefault(name[1..]);
        }

        for (var within = scope; ; within = within[..Math.Max(0, within.LastIndexOf('.'))])
        {
            if (types.TryGetValue(Join(within, name), out var found))
            {
                return found;
            }

            if (within.Length == 0)
            {
                return null;
            }
        }
    }

    // [(confluent.field_meta) = { params: [ { key: "precision", value: "4" }, … ] }], key and value in either order.
    private static int? Option(List<string> options, string key)
    {
        var at = options.IndexOf($"\"{key}\"");
        if (at < 0)
        {
            return null;
        }

        var from = options.LastIndexOf("{", at);
        var to = options.IndexOf("}", at);
        var value = from < 0 || to < 0 ? -1 : options.IndexOf("value", from, to - from);
        return value >= 0
            && int.TryParse(
                options[Math.Min(value + 2, options.Count - 1)].Trim('"'), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;
    }

    private static void SkipStatement(ProtoTokens tokens)
    {
        while (tokens.Take() != ";")
        {
            // Passed over.
        }
    }

    private static string Join(string scope, string name) => scope.Length == 0 ? name : $"{scope}.{name}";

    private static int Number(string text) =>
        int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw new ConfigurationException($"'{text}' is no number of a Protobuf definition.");
}
