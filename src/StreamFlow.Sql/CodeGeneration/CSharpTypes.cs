using Microsoft.CodeAnalysis.CSharp;
using StreamFlow.Sql.Types;

namespace StreamFlow.Sql.CodeGeneration;

/// <summary>The C# names of SQL types; remembers a name for every STRUCT type it meets.</summary>
internal sealed class CSharpTypes
{
    private readonly Dictionary<SqlStructType, string> _structs = [];

    /// <summary>The structs met so far and their names.</summary>
    public IReadOnlyDictionary<SqlStructType, string> Structs => _structs;

    /// <summary>The nullable CLR type: <c>int?</c>, <c>string?</c>.</summary>
    public string Nullable(SqlType type) => NotNull(type) + "?";

    /// <summary>The CLR type without null: <c>int</c>, <c>string</c>.</summary>
    public string NotNull(SqlType type) => type switch
    {
        SqlArrayType a => $"SqlArray<{Nullable(a.Element)}>",
        SqlMapType m => $"SqlMap<{NotNull(m.Key)}, {Nullable(m.Value)}>",
        SqlStructType s => Struct(s),
        _ => type.BaseType switch
        {
            SqlBaseType.Boolean => "bool",
            SqlBaseType.Integer => "int",
            SqlBaseType.BigInt => "long",
            SqlBaseType.Double => "double",
            SqlBaseType.Decimal => "SqlDecimal",
            SqlBaseType.String => "string",
            SqlBaseType.Bytes => "byte[]",
            SqlBaseType.Date => "SqlDate",
            SqlBaseType.Time => "SqlTime",
            _ => "SqlTimestamp",
        },
    };

    public static bool IsValueType(SqlType type) =>
        type.BaseType is not (SqlBaseType.String or SqlBaseType.Bytes or SqlBaseType.Array or SqlBaseType.Map);

    /// <summary>The expression that makes the type: <c>SqlType.Integer</c>.</summary>
    public static string Expression(SqlType type) => type switch
    {
        SqlDecimalType d => $"SqlType.Decimal({d.Precision}, {d.Scale})",
        SqlPrimitiveType => $"SqlType.{type.BaseType}",
        _ => $"SqlTypeParser.Parse({Literal(type.ToString())})",
    };

    public static string Literal(string text) => SymbolDisplay.FormatLiteral(text, quote: true);

    /// <summary>A name as a C# identifier that still shows where it comes from.</summary>
    public static string Identifier(string name)
    {
        var text = string.Concat(name.Select(c => char.IsLetterOrDigit(c) || c == '_' ? c : '_'));
        text = text.Length == 0 || char.IsDigit(text[0]) ? "_" + text : text;
        return SyntaxFacts.GetKeywordKind(text) == SyntaxKind.None ? text : "@" + text;
    }

    /// <summary><c>ORDER_LINES</c> as <c>OrderLines</c>.</summary>
    public static string Pascal(string name)
    {
        var text = string.Concat(name.Split(['_', '-', ' '], StringSplitOptions.RemoveEmptyEntries)
            .Select(w => char.ToUpperInvariant(w[0]) + w[1..].ToLowerInvariant()));
        return Identifier(text).TrimStart('@');
    }

    private string Struct(SqlStructType type)
    {
        if (!_structs.TryGetValue(type, out var name))
        {
            name = $"Struct{_structs.Count + 1}";
            _structs[type] = name;
        }

        return name;
    }
}
