using System.Text.Json;
using System.Text.Json.Serialization;
using StreamFlow.Sql.Execution;
using StreamFlow.Sql.Rows;

namespace StreamFlow.Cli.Http;

/// <summary>Rows of SQL queries as JSON objects. Their columns are fields of types made for each query.</summary>
internal sealed class SqlRowConverter : JsonConverterFactory
{
    /// <summary>Whether a type is a row's.</summary>
    public static bool IsRow(Type type) =>
        type.IsValueType && type.GetInterfaces().Any(i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(IRow<>));

    public override bool CanConvert(Type typeToConvert) => IsRow(typeToConvert);

    public override JsonConverter CreateConverter(Type typeToConvert, JsonSerializerOptions options) =>
        (JsonConverter)Activator.CreateInstance(typeof(Converter<>).MakeGenericType(typeToConvert))!;

    private sealed class Converter<T> : JsonConverter<T>
    {
        public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            throw new NotSupportedException("rows are written only");

        public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => SqlJson.Write(writer, value);
    }
}
