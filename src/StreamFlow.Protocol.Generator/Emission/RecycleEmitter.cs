using System.Linq;
using StreamFlow.Protocol.Generator.Definitions;

namespace StreamFlow.Protocol.Generator.Emission;

/// <summary>Writes the <c>Reset</c> method of those messages that come so often that their objects are used again.</summary>
internal static class RecycleEmitter
{
    private static readonly string[] Messages = ["RequestHeader", "ProduceRequest", "ProduceResponse", "FetchRequest", "FetchResponse"];

    public static bool Applies(MessageDefinition message) => Messages.Contains(message.Name);

    public static void Emit(SourceWriter source, StructDefinition body)
    {
        source.Line("/// <inheritdoc/>");
        source.Open("public void Reset()");
        foreach (var field in body.Fields)
        {
            var isEmbedded = field is { IsStruct: true, IsArray: false } && !CSharpNames.CanBeNull(field);
            source.Line(field.IsArray && field.Nullable.IsEmpty ? $"{CSharpNames.BackingField(field)}?.Clear();"
                : field.IsArray && DefaultValue.Initializer(field) is not null ? $"({field.Name} ??= []).Clear();"
                : isEmbedded ? $"{field.Name}.Reset();"
                : $"{field.Name} = {DefaultValue.Initializer(field) ?? "default"};");
        }

        source.Close();
    }
}
