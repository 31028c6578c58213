using System;
using System.Collections.Generic;
using System.Linq;

namespace StreamFlow.Protocol.Generator.Definitions;

/// <summary>Finds the structs that fields name, computes the versions of each, and checks that a definition can evolve.</summary>
internal sealed class DefinitionChecker
{
    private readonly DefinitionFile _file;
    private readonly MessageDefinition _message;

    private DefinitionChecker(DefinitionFile file, MessageDefinition message)
    {
        _file = file;
        _message = message;
    }

    public static void ResolveAndCheck(DefinitionFile file)
    {
        if (file.Key >= 0 && !(file.Messages.Count == 2 && file.Messages[0].Kind != file.Messages[1].Kind))
        {
            file.Errors.Add(new(0, file.IsApi
                ? $"api {file.Name} needs one 'request' and one 'response'"
                : $"record {file.Name} needs one 'key' and one 'value'"));
        }

        foreach (var message in file.Messages)
        {
            var checker = new DefinitionChecker(file, message);
            checker.CheckVersions();
            checker.Resolve();
            if (file.Errors.Count == 0)
            {
                checker.SpreadVersions(message, message.Versions, []);
                checker.CheckStruct(message);
                message.Structs.ForEach(checker.CheckStruct);
            }
        }
    }

    private void CheckVersions()
    {
        if (_message.Versions.IsEmpty || _message.Versions.Highest == short.MaxValue)
        {
            Error(_message.Line, $"{_message.Name} needs 'versions N-M' with both ends");
        }
        else if (_message.Kind == MessageKind.RecordKey && _message.Versions.Highest != 0)
        {
            Error(_message.Line, $"{_message.Name}: a key has version 0 alone, since its bytes begin with the record's type instead");
        }
        else if (!_message.Flexible.IsEmpty && _message.Flexible.Highest != short.MaxValue)
        {
            Error(_message.Line, $"{_message.Name}: 'flexible' is 'N+' or 'none', since a later version never goes back");
        }
        else if (_file.IsApi && _file.Offered.Highest > _file.Versions.Highest)
        {
            Error(_message.Line, $"{_message.Name}: version {_file.Offered.Highest} is offered but not defined");
        }
    }

    private void Resolve()
    {
        foreach (var duplicate in _message.Structs.GroupBy(s => s.Name, StringComparer.Ordinal).Where(g => g.Count() > 1))
        {
            Error(duplicate.Last().Line, $"struct '{duplicate.Key}' is defined twice in {_message.Name}");
        }

        foreach (var field in _message.Structs.Prepend(_message).SelectMany(s => s.Fields).Where(f => f.IsStruct))
        {
            field.Struct = _message.Structs.FirstOrDefault(s => s.Name == field.StructName);
            if (field.Struct is null)
            {
                Error(field.Line, $"field '{field.Name}': struct '{field.StructName}' is not defined in {_message.Name}");
            }
        }
    }

    /// <summary>A struct is met in the versions of the fields that use it; its own fields are cut to these.</summary>
    private void SpreadVersions(StructDefinition owner, VersionRange versions, List<StructDefinition> path)
    {
        if (path.Contains(owner))
        {
            Error(owner.Line, $"struct '{owner.Name}' contains itself");
            return;
        }

        path.Add(owner);
        owner.Versions = owner.Versions.Hull(versions);
        foreach (var field in owner.Fields.Where(f => f.Struct is not null))
        {
            SpreadVersions(field.Struct!, field.Versions.Intersect(versions), path);
        }

        path.RemoveAt(path.Count - 1);
    }

    private void CheckStruct(StructDefinition owner)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        var tags = new Dictionary<int, FieldDefinition>();
        foreach (var field in owner.Fields)
        {
            if (!names.Add(field.Name))
            {
                Error(field.Line, $"field '{field.Name}' is defined twice in {owner.Name}");
            }

            if (field.Name == owner.Name || (ReferenceEquals(owner, _message) && _message.Structs.Any(s => s.Name == field.Name)))
            {
                Error(field.Line, $"field '{field.Name}' has the name of a class that surrounds it: rename the struct");
            }

            CheckField(field);
            CheckTag(field, tags);
        }

        if (owner.Fields.Count > 0 && owner.Versions.IsEmpty)
        {
            Error(owner.Line, $"struct '{owner.Name}' is used in no version of {_message.Name}");
        }
    }

    private void CheckField(FieldDefinition field)
    {
        if (field.Versions.Intersect(_message.Versions).IsEmpty)
        {
            Error(field.Line, $"field '{field.Name}' ({field.Versions}) exists in no version of {_message.Name} ({_message.Versions})");
        }

        if (field.Versions.Highest != short.MaxValue && field.Versions.Highest >= _message.Versions.Highest)
        {
            Error(field.Line, $"field '{field.Name}' lives until the last version: write {field.Versions.Lowest}+");
        }

        if (!field.Nullable.IsEmpty)
        {
            if (!field.IsArray && field.Scalar is not (Scalar.None or Scalar.String or Scalar.Bytes or Scalar.Records))
            {
                Error(field.Line, $"field '{field.Name}': a number, bool or uuid cannot be null");
            }
            else if (field is { IsStruct: true, IsArray: false } && !IsFlexibleThroughout(field))
            {
                Error(field.Line, $"field '{field.Name}': a struct can be null in flexible versions only");
            }
        }

        if (field.Default == "null" && field.Nullable.IsEmpty)
        {
            Error(field.Line, $"field '{field.Name}' cannot be null, so null is no default");
        }
        else if (field.Default is not null && !FieldDefault.IsValid(field))
        {
            Error(field.Line, $"'{field.Default}' is not a value of field '{field.Name}'");
        }
    }

    private void CheckTag(FieldDefinition field, Dictionary<int, FieldDefinition> tags)
    {
        if (field.Tag is not { } tag)
        {
            return;
        }

        if (tags.TryGetValue(tag, out var other))
        {
            Error(field.Line, $"tag {tag} belongs to '{other.Name}' (line {other.Line + 1}); a tag is never used again");
        }
        else
        {
            tags.Add(tag, field);
        }

        if (!IsFlexibleThroughout(field))
        {
            Error(field.Line, $"field '{field.Name}' is tagged in versions that are not flexible ({_message.Flexible} are)");
        }
    }

    private bool IsFlexibleThroughout(FieldDefinition field) => _message.Flexible.Contains(field.Versions.Intersect(_message.Versions));

    private void Error(int line, string message) => _file.Errors.Add(new(line, message));
}
