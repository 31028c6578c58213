using System;
using System.Collections.Generic;

namespace StreamFlow.Protocol.Generator.Definitions;

/// <summary>
/// Reads a definition file (the grammar is in the project's README). It never throws: what is wrong is collected with its line,
/// and parsing goes on with the next one.
/// </summary>
internal sealed class DefinitionParser
{
    private readonly DefinitionFile _file;
    private readonly List<StructDefinition> _open = [];
    private MessageDefinition? _message;

    private DefinitionParser(DefinitionFile file) => _file = file;

    public static DefinitionFile Parse(string path, string text)
    {
        var file = new DefinitionFile(path, text);
        new DefinitionParser(file).ParseLines();
        if (file.Errors.Count == 0)
        {
            DefinitionChecker.ResolveAndCheck(file);
        }

        return file;
    }

    private void ParseLines()
    {
        var lines = _file.Text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var line = DefinitionLine.Parse(lines[i], i);
            if (line.IsBlank)
            {
                continue;
            }

            if (line.IsProse)
            {
                AddProse(line);
            }
            else if (line.Depth < 0)
            {
                Error(line, "indent with two blanks a level, without tabs");
            }
            else if (line.Depth == 0)
            {
                ParseHead(line);
            }
            else
            {
                ParseMember(line);
            }
        }

        if (_file.Messages.Count == 0 && _file.Errors.Count == 0)
        {
            _file.Errors.Add(new(0, "the file defines nothing: begin with 'api NAME key N ...', 'record NAME key N' or 'data NAME ...'"));
        }
    }

    private void AddProse(DefinitionLine line)
    {
        if (_message is null)
        {
            _file.Prose.Add(line.Prose);
        }
    }

    private void ParseHead(DefinitionLine line)
    {
        switch (line.Words[0])
        {
            case "api" or "record" when _file.Name.Length == 0 && _file.Messages.Count == 0:
                ParseFileHead(line);
                break;
            case "request" when _file.IsApi:
                Begin(line, _file.Name + "Request", MessageKind.Request, 1);
                break;
            case "response" when _file.IsApi:
                Begin(line, _file.Name + "Response", MessageKind.Response, 1);
                break;
            case "key" when _file is { IsApi: false, Key: >= 0 }:
                Begin(line, _file.Name + "Key", MessageKind.RecordKey, 1);
                break;
            case "value" when _file is { IsApi: false, Key: >= 0 }:
                Begin(line, _file.Name + "Value", MessageKind.RecordValue, 1);
                break;
            case "data" when _file.Name.Length == 0 && line.Words.Length > 1 && FieldParser.IsTypeName(line.Words[1]):
                Begin(line, line.Words[1], MessageKind.Data, 2);
                break;
            default:
                Error(line, $"'{string.Join(" ", line.Words)}' does not fit here");
                break;
        }
    }

    private void ParseFileHead(DefinitionLine line)
    {
        var words = line.Words;
        _file.IsApi = words[0] == "api";
        if (words.Length < 4 || !FieldParser.IsTypeName(words[1]) || words[2] != "key" || !short.TryParse(words[3], out var key) || key < 0)
        {
            Error(line, $"write '{words[0]} NAME key N', with a number from 0");
            return;
        }

        _file.Name = words[1];
        _file.Key = key;
        foreach (var option in Options(line, 4))
        {
            switch (option.Key)
            {
                case "versions":
                    _file.Versions = option.Value;
                    break;
                case "flexible":
                    _file.Flexible = option.Value;
                    break;
                case "offered":
                    _file.Offered = option.Value;
                    break;
            }
        }

        _file.Offered = _file.Offered.IsEmpty ? _file.Versions : _file.Offered;
    }

    private void Begin(DefinitionLine line, string name, MessageKind kind, int firstOption)
    {
        _message = new MessageDefinition
        {
            Name = name,
            Kind = kind,
            Prose = line.Prose,
            Line = line.Number,
            Versions = _file.Versions,
            Flexible = _file.Flexible,
        };
        foreach (var option in Options(line, firstOption))
        {
            switch (option.Key)
            {
                case "versions":
                    _message.Versions = option.Value;
                    break;
                case "flexible":
                    _message.Flexible = option.Value;
                    break;
            }
        }

        _file.Messages.Add(_message);
        _open.Clear();
        _open.Add(_message);
    }

    private List<KeyValuePair<string, VersionRange>> Options(DefinitionLine line, int from)
    {
        var options = new List<KeyValuePair<string, VersionRange>>();
        for (var i = from; i < line.Words.Length; i += 2)
        {
            var word = line.Words[i];
            if (word is not ("versions" or "flexible" or "offered"))
            {
                Error(line, $"'{word}' is not understood; 'versions', 'flexible' and 'offered' are");
            }
            else if (i + 1 == line.Words.Length || !VersionRange.TryParse(line.Words[i + 1], out var range))
            {
                Error(line, $"'{word}' wants versions: N, N-M, N+ or none");
            }
            else
            {
                options.Add(new(word, range));
            }
        }

        return options;
    }

    private void ParseMember(DefinitionLine line)
    {
        if (_message is null || line.Depth > _open.Count)
        {
            Error(line, "indented under a line that has no fields of its own");
            return;
        }

        _open.RemoveRange(line.Depth, _open.Count - line.Depth);
        if (line.Words[0] == "struct")
        {
            ParseSharedStruct(line);
            return;
        }

        var field = FieldParser.Parse(line, out var error);
        if (field is null)
        {
            Error(line, error);
            return;
        }

        var owner = _open[line.Depth - 1];
        if (!ReferenceEquals(owner, _message) && !_message.Structs.Contains(owner))
        {
            _message.Structs.Add(owner);
        }

        owner.Fields.Add(field);
        if (field.IsStruct)
        {
            // Fields that follow one level deeper define the struct here; without any, the name refers to a struct defined elsewhere.
            field.Struct = new StructDefinition { Name = field.StructName, Prose = field.Prose, Line = field.Line };
            _open.Add(field.Struct);
        }
    }

    private void ParseSharedStruct(DefinitionLine line)
    {
        if (line.Depth != 1 || line.Words.Length != 2 || !FieldParser.IsTypeName(line.Words[1]))
        {
            Error(line, "write 'struct NAME' one level under the message");
            return;
        }

        var shared = new StructDefinition { Name = line.Words[1], Prose = line.Prose, Line = line.Number };
        _message!.Structs.Add(shared);
        _open.Add(shared);
    }

    private void Error(DefinitionLine line, string message) => _file.Errors.Add(new(line.Number, message));
}
