namespace StreamFlow.Sql.Types;

/// <summary>Reads types in the dialect's syntax: <c>ARRAY&lt;STRUCT&lt;a INT, `b` DECIMAL(4, 2)&gt;&gt;</c>.</summary>
/// <remarks>Stands apart from the statement grammar so that schema texts of tests and registries need no parser.</remarks>
public ref struct SqlTypeParser
{
    private readonly ReadOnlySpan<char> _text;
    private int _position;

    private SqlTypeParser(ReadOnlySpan<char> text)
    {
        _text = text;
        _position = 0;
    }

    /// <summary>Parses a whole text as one type.</summary>
    /// <exception cref="FormatException">The text is not a type; the message says at which character.</exception>
    public static SqlType Parse(ReadOnlySpan<char> text)
    {
        var type = ParsePrefix(text, out var length);
        return text[length..].IsWhiteSpace() ? type : throw new FormatException($"Unexpected text after the type at character {length}.");
    }

    /// <summary>Parses the type a text starts with and says how many characters it took.</summary>
    /// <exception cref="FormatException">The text does not start with a type; the message says at which character.</exception>
    public static SqlType ParsePrefix(ReadOnlySpan<char> text, out int length)
    {
        var parser = new SqlTypeParser(text);
        var type = parser.ReadType();
        length = parser._position;
        return type;
    }

    /// <summary>Reads an identifier (upper-cased unless quoted) from the start of a text.</summary>
    /// <exception cref="FormatException">The text does not start with an identifier.</exception>
    public static string ParseIdentifierPrefix(ReadOnlySpan<char> text, out int length)
    {
        var parser = new SqlTypeParser(text);
        var name = parser.ReadIdentifier();
        length = parser._position;
        return name;
    }

    private SqlType ReadType()
    {
        var start = _position;
        SqlType type = ReadIdentifier() switch
        {
            "BOOLEAN" => SqlType.Boolean,
            "INT" or "INTEGER" => SqlType.Integer,
            "BIGINT" => SqlType.BigInt,
            "DOUBLE" => SqlType.Double,
            "STRING" => SqlType.String,
            "VARCHAR" => ReadVarchar(),
            "BYTES" => SqlType.Bytes,
            "DATE" => SqlType.Date,
            "TIME" => SqlType.Time,
            "TIMESTAMP" => SqlType.Timestamp,
            "DECIMAL" => ReadDecimal(),
            "ARRAY" => ReadArray(),
            "MAP" => ReadMap(),
            "STRUCT" => ReadStruct(),
            var name => throw new FormatException($"'{name}' at character {start} is not a type."),
        };
        while (TryReadWord("ARRAY"))
        {
            type = SqlType.Array(type);
        }

        return type;
    }

    private SqlPrimitiveType ReadVarchar()
    {
        if (TryRead('('))
        {
            _ = ReadIdentifier();
            Expect(')');
        }

        return SqlType.String;
    }

    private SqlDecimalType ReadDecimal()
    {
        Expect('(');
        var precision = ReadNumber();
        Expect(',');
        var scale = ReadNumber();
        Expect(')');
        return precision >= 1 && scale <= precision
            ? SqlType.Decimal(precision, scale)
            : throw new FormatException($"DECIMAL({precision}, {scale}) is not a type: precision must be at least 1, scale 0..precision.");
    }

    private SqlArrayType ReadArray()
    {
        Expect('<');
        var element = ReadType();
        Expect('>');
        return SqlType.Array(element);
    }

    private SqlMapType ReadMap()
    {
        Expect('<');
        var key = ReadType();
        Expect(',');
        var value = ReadType();
        Expect('>');
        return SqlType.Map(key, value);
    }

    private SqlStructType ReadStruct()
    {
        Expect('<');
        var fields = new List<SqlField>();
        if (!TryRead('>'))
        {
            do
            {
                var name = ReadIdentifier();
                fields.Add(new SqlField(name, ReadType()));
            }
            while (TryRead(','));
            Expect('>');
        }

        return new SqlStructType(fields);
    }

    private string ReadIdentifier()
    {
        SkipWhiteSpace();
        if (_position < _text.Length && _text[_position] is '`' or '"')
        {
            return ReadQuoted(_text[_position]);
        }

        var start = _position;
        while (_position < _text.Length && (char.IsAsciiLetterOrDigit(_text[_position]) || _text[_position] is '_' or '@'))
        {
            _position++;
        }

        return _position > start
            ? _text[start.._position].ToString().ToUpperInvariant()
            : throw new FormatException($"A name is expected at character {_position}.");
    }

    private string ReadQuoted(char quote)
    {
        var name = new System.Text.StringBuilder();
        for (_position++; _position < _text.Length; _position++)
        {
            if (_text[_position] != quote)
            {
                name.Append(_text[_position]);
            }
            else if (_position + 1 < _text.Length && _text[_position + 1] == quote)
            {
                name.Append(quote);
                _position++;
            }
            else
            {
                _position++;
                return name.ToString();
            }
        }

        throw new FormatException("A quoted name is not closed.");
    }

    private bool TryReadWord(string word)
    {
        var saved = _position;
        SkipWhiteSpace();
        if (_text[_position..].StartsWith(word, StringComparison.OrdinalIgnoreCase)
            && (_position + word.Length == _text.Length || !char.IsAsciiLetterOrDigit(_text[_position + word.Length])))
        {
            _position += word.Length;
            return true;
        }

        _position = saved;
        return false;
    }

    private int ReadNumber()
    {
        SkipWhiteSpace();
        var start = _position;
        while (_position < _text.Length && char.IsAsciiDigit(_text[_position]))
        {
            _position++;
        }

        return int.TryParse(_text[start.._position], out var number)
            ? number
            : throw new FormatException($"A number is expected at character {start}.");
    }

    private bool TryRead(char expected)
    {
        SkipWhiteSpace();
        if (_position < _text.Length && _text[_position] == expected)
        {
            _position++;
            return true;
        }

        return false;
    }

    private void Expect(char expected)
    {
        if (!TryRead(expected))
        {
            throw new FormatException($"'{expected}' is expected at character {_position}.");
        }
    }

    private void SkipWhiteSpace()
    {
        while (_position < _text.Length && char.IsWhiteSpace(_text[_position]))
        {
            _position++;
        }
    }
}
