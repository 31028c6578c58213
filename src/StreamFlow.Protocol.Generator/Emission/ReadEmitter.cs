using System.Linq;
using StreamFlow.Protocol.Generator.Definitions;

namespace StreamFlow.Protocol.Generator.Emission;

/// <summary>Writes the static <c>Read</c> method of a message or struct.</summary>
internal sealed class ReadEmitter(SourceWriter source, MessageDefinition message)
{
    private string _flexible = "false";

    public void Emit(StructDefinition body, bool isMessage)
    {
        source.Line("/// <summary>Reads the fields that <paramref name=\"version\"/> has; the others keep their defaults.</summary>");
        source.Line("/// <exception cref=\"ProtocolException\">The bytes end early or contradict themselves.</exception>");
        source.Open($"public static {body.Name} Read(ref ProtocolReader reader, short version)");
        if (isMessage)
        {
            source.Line($"ProtocolErrors.CheckVersion(\"{message.Name}\", version, {body.Versions.Lowest}, {body.Versions.Highest});");
        }

        source.Line($"var message = {(RecycleEmitter.Applies(message) ? $"reader.New<{body.Name}>()" : $"new {body.Name}()")};");
        _flexible = CSharpNames.Condition(message.Flexible, body.Versions);
        if (_flexible is not ("true" or "false") && body.Fields.Any(f => f.IsArray || CSharpNames.HasLength(f)))
        {
            source.Line($"var flexible = {_flexible};");
            _flexible = "flexible";
        }

        foreach (var field in body.Fields.Where(f => !f.IsTagged))
        {
            var condition = CSharpNames.Condition(field.Versions, body.Versions);
            if (condition == "true")
            {
                EmitValue(field, body.Versions);
            }
            else
            {
                source.Open($"if ({condition})");
                EmitValue(field, body.Versions);
                source.Close();
            }
        }

        EmitTags(body);
        source.Line("return message;");
        source.Close();
    }

    private void EmitValue(FieldDefinition field, VersionRange versions)
    {
        var target = "message." + field.Name;
        if (field.IsArray)
        {
            EmitArray(field, versions);
        }
        else if (field.IsStruct && field.Nullable.IsEmpty)
        {
            source.Line($"{target} = {message.Name}.{field.StructName}.Read(ref reader, version);");
        }
        else if (field.IsStruct)
        {
            source.Line($"{target} = reader.ReadIsPresent() ? {message.Name}.{field.StructName}.Read(ref reader, version) : null;");
        }
        else if (CSharpNames.HasLength(field))
        {
            var flexible = field.IsFixedLength ? "false" : _flexible;
            var present = field.Versions.Intersect(versions);
            var nullable = CSharpNames.Condition(field.Nullable, present);
            var method = CSharpNames.Method(field);
            source.Line(nullable switch
            {
                "false" => $"{target} = reader.Read{method}({flexible});",
                "true" => $"{target} = reader.ReadNullable{method}({flexible});",
                _ => $"{target} = {nullable} ? reader.ReadNullable{method}({flexible}) : reader.Read{method}({flexible});",
            });
        }
        else
        {
            source.Line($"{target} = reader.Read{CSharpNames.Method(field)}();");
        }
    }

    private void EmitArray(FieldDefinition field, VersionRange versions)
    {
        var items = CSharpNames.LocalName(field);
        var count = items + "Count";
        var present = field.Versions.Intersect(versions);
        var nullable = CSharpNames.Condition(field.Nullable, present);
        var smallest = CSharpNames.SmallestSize(field, present, message.Flexible);
        source.Line(nullable == "false"
            ? $"var {count} = reader.ReadArrayLength({smallest}, {_flexible});"
            : $"var {count} = reader.ReadNullableArrayLength({smallest}, {_flexible}, {nullable});");
        if (nullable != "false")
        {
            source.Open($"if ({count} < 0)");
            source.Line($"message.{field.Name} = null;");
            source.Close();
            source.Open("else");
        }

        var isKept = nullable == "false" && field.Nullable.IsEmpty && RecycleEmitter.Applies(message);
        source.Line(isKept
            ? $"var {items} = ProtocolReader.Presize(message.{field.Name}, {count});"
            : $"var {items} = ProtocolReader.NewList<{CSharpNames.ElementType(field)}>({count});");
        source.Open($"for (var i = 0; i < {count}; i++)");
        source.Line(field.IsStruct
            ? $"{items}.Add({message.Name}.{field.StructName}.Read(ref reader, version));"
            : $"{items}.Add(reader.Read{CSharpNames.Method(field)}({(CSharpNames.HasLength(field) ? _flexible : "")}));");
        source.Close();
        if (!isKept)
        {
            source.Line($"message.{field.Name} = {items};");
        }

        if (nullable != "false")
        {
            source.Close();
        }
    }

    private void EmitTags(StructDefinition body)
    {
        var condition = CSharpNames.Condition(message.Flexible, body.Versions);
        if (condition == "false")
        {
            return;
        }

        if (condition != "true")
        {
            source.Open($"if ({condition})");
        }

        var versions = message.Flexible.Intersect(body.Versions);
        var tagged = body.Fields.Where(f => f.IsTagged).OrderBy(f => f.Tag).ToList();
        if (tagged.Count == 0)
        {
            source.Line("reader.SkipTags();");
        }
        else
        {
            source.Open("for (var tags = reader.ReadTagCount(); tags > 0; tags--)");
            source.Line("var tag = reader.BeginTag(out var end);");
            source.Open("switch (tag)");
            _flexible = "true";
            foreach (var field in tagged)
            {
                var exists = CSharpNames.Condition(field.Versions, versions);
                source.Open($"case {field.Tag}{(exists == "true" ? "" : " when " + exists)}:");
                EmitValue(field, versions);
                source.Line("reader.EndTag(end);");
                source.Line("break;");
                source.Close();
            }

            source.Open("default:");
            source.Line("reader.SkipTo(end);");
            source.Line("break;");
            source.Close();
            source.Close();
            source.Close();
        }

        if (condition != "true")
        {
            source.Close();
        }
    }
}
