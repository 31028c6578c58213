using System.Collections.Generic;
using System.Linq;
using StreamFlow.Protocol.Generator.Definitions;

namespace StreamFlow.Protocol.Generator.Emission;

/// <summary>Writes the <c>Write</c> method of a message or struct.</summary>
internal sealed class WriteEmitter(SourceWriter source, MessageDefinition message)
{
    private string _flexible = "false";

    public void Emit(StructDefinition body, bool isMessage)
    {
        source.Line("/// <summary>Writes the fields that <paramref name=\"version\"/> has.</summary>");
        source.Line("/// <exception cref=\"ProtocolException\">A field that this version lacks is set.</exception>");
        source.Open("public void Write(ref ProtocolWriter writer, short version)");
        if (isMessage)
        {
            source.Line($"ProtocolErrors.CheckVersion(\"{message.Name}\", version, {body.Versions.Lowest}, {body.Versions.Highest});");
        }

        _flexible = CSharpNames.Condition(message.Flexible, body.Versions);
        if (_flexible is not ("true" or "false") && body.Fields.Any(f => f.IsArray || CSharpNames.HasLength(f)))
        {
            source.Line($"var flexible = {_flexible};");
            _flexible = "flexible";
        }

        foreach (var field in body.Fields)
        {
            EmitField(field, body.Versions);
        }

        EmitTags(body);
        source.Close();
    }

    private void EmitField(FieldDefinition field, VersionRange versions)
    {
        var condition = CSharpNames.Condition(field.Versions, versions);
        var isStrict = !field.IsIgnorable && condition != "true";
        if (field.IsTagged)
        {
            if (isStrict)
            {
                source.Open($"if ({CSharpNames.Not(condition)} && {DefaultValue.IsSet(field)})");
                EmitThrow(field);
                source.Close();
            }

            return;
        }

        if (condition == "true")
        {
            EmitValue(field, versions);
            return;
        }

        source.Open($"if ({condition})");
        EmitValue(field, versions);
        source.Close();
        if (isStrict)
        {
            source.Open($"else if ({DefaultValue.IsSet(field)})");
            EmitThrow(field);
            source.Close();
        }
    }

    private void EmitThrow(FieldDefinition field) =>
        source.Line($"ProtocolErrors.ThrowFieldNotInVersion(\"{message.Name}\", \"{field.Name}\", version);");

    private void EmitValue(FieldDefinition field, VersionRange versions)
    {
        var value = field.Name;
        var present = field.Versions.Intersect(versions);
        if (field.IsArray)
        {
            EmitArray(field, present);
        }
        else if (field.IsStruct)
        {
            EmitStruct(field);
        }
        else if (CSharpNames.HasLength(field))
        {
            var method = CSharpNames.Method(field);
            var flexible = field.IsFixedLength ? "false" : _flexible;
            var nullable = CSharpNames.Condition(field.Nullable, present);
            if (field.Nullable.IsEmpty)
            {
                source.Line($"writer.Write{method}({value}, {flexible});");
            }
            else if (nullable == "true")
            {
                source.Line($"writer.WriteNullable{method}({value}, {flexible});");
            }
            else
            {
                source.Open($"if ({value} is null && {CSharpNames.Not(nullable)})");
                source.Line($"ProtocolErrors.ThrowNullNotInVersion(\"{message.Name}\", \"{field.Name}\", version);");
                source.Close();
                source.Line($"writer.WriteNullable{method}({value}, {flexible});");
            }
        }
        else
        {
            source.Line($"writer.Write{CSharpNames.Method(field)}({value});");
        }
    }

    private void EmitStruct(FieldDefinition field)
    {
        if (field.Nullable.IsEmpty)
        {
            source.Line($"{field.Name}.Write(ref writer, version);");
            return;
        }

        source.Open($"if ({field.Name} is null)");
        source.Line("writer.WriteInt8(-1);");
        source.Close();
        source.Open("else");
        source.Line("writer.WriteInt8(1);");
        source.Line($"{field.Name}.Write(ref writer, version);");
        source.Close();
    }

    private void EmitArray(FieldDefinition field, VersionRange present)
    {
        var items = CSharpNames.LocalName(field);
        source.Line($"var {items} = {field.Name};");
        var isNullable = !field.Nullable.IsEmpty;
        if (isNullable)
        {
            source.Open($"if ({items} is null)");
            var nullable = CSharpNames.Condition(field.Nullable, present);
            if (nullable != "true")
            {
                source.Open($"if ({CSharpNames.Not(nullable)})");
                source.Line($"ProtocolErrors.ThrowNullNotInVersion(\"{message.Name}\", \"{field.Name}\", version);");
                source.Close();
                source.Line();
            }

            source.Line($"writer.WriteArrayLength(-1, {_flexible});");
            source.Close();
            source.Open("else");
        }

        source.Line($"writer.WriteArrayLength({items}.Count, {_flexible});");
        source.Open($"foreach (var item in {items})");
        source.Line(field.IsStruct
            ? "item.Write(ref writer, version);"
            : $"writer.Write{CSharpNames.Method(field)}(item{(CSharpNames.HasLength(field) ? ", " + _flexible : "")});");
        source.Close();
        if (isNullable)
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

        var tagged = body.Fields.Where(f => f.IsTagged).OrderBy(f => f.Tag).ToList();
        if (tagged.Count == 0)
        {
            source.Line("writer.WriteUnsignedVarint(0);");
        }
        else
        {
            EmitTaggedFields(tagged, message.Flexible.Intersect(body.Versions));
        }

        if (condition != "true")
        {
            source.Close();
        }
    }

    private void EmitTaggedFields(List<FieldDefinition> tagged, VersionRange versions)
    {
        foreach (var field in tagged)
        {
            var exists = CSharpNames.Condition(field.Versions, versions);
            var set = DefaultValue.IsSet(field);
            source.Line($"var has{field.Name} = {(exists == "true" ? set : $"{exists} && {set}")};");
        }

        source.Line($"writer.WriteUnsignedVarint({string.Join(" + ", tagged.Select(f => $"(has{f.Name} ? 1u : 0u)"))});");
        foreach (var field in tagged)
        {
            source.Open($"if (has{field.Name})");
            source.Line($"var start = writer.BeginTag({field.Tag});");
            var flexible = _flexible;
            _flexible = "true";
            if (field is { IsStruct: true, IsArray: false } && field.Nullable.IsEmpty)
            {
                source.Line($"{field.Name}!.Write(ref writer, version);");
            }
            else
            {
                EmitValue(field, versions);
            }

            _flexible = flexible;
            source.Line("writer.EndTag(start);");
            source.Close();
        }
    }
}
