using System.Globalization;

namespace StreamFlow.Sql.Functions.Time;

/// <summary>Matches a text against a compiled pattern.</summary>
internal ref struct PatternParser
{
    private readonly ReadOnlySpan<char> _text;
    private readonly bool _ignoreCase;
    private ParsedFields _fields;
    private int _position;

    private PatternParser(ReadOnlySpan<char> text, bool ignoreCase)
    {
        _text = text;
        _ignoreCase = ignoreCase;
        _fields = new ParsedFields();
    }

    /// <summary>The fields of the text; null when it does not match as a whole.</summary>
    public static ParsedFields? Parse(IReadOnlyList<PatternElement> pattern, string text, bool ignoreCase)
    {
        var parser = new PatternParser(text, ignoreCase);
        return parser.Match(pattern) && parser._position == text.Length ? parser._fields : null;
    }

    private bool Match(IReadOnlyList<PatternElement> elements)
    {
        for (var i = 0; i < elements.Count; i++)
        {
            var matched = elements[i] switch
            {
                PatternElement.Literal l => Literal(l.Text),
                PatternElement.Number n => Number(n, Reserved(elements, i)),
                PatternElement.Fraction f => Fraction(f.Digits),
                PatternElement.Word w => Word(w),
                PatternElement.Offset o => Offset(o),
                PatternElement.Optional o => Optional(o),
                _ => Zone(),
            };
            if (!matched)
            {
                return false;
            }
        }

        return true;
    }

    // "yyyyMMdd": a number of open width leaves the digits that fixed-width numbers right behind it need.
    private static int Reserved(IReadOnlyList<PatternElement> elements, int index)
    {
        var reserved = 0;
        for (var i = index + 1; i < elements.Count; i++)
        {
            if (elements[i] is PatternElement.Number { IsFixed: true } number)
            {
                reserved += number.MinWidth;
            }
            else if (elements[i] is PatternElement.Fraction fraction)
            {
                return reserved + fraction.Digits;
            }
            else
            {
                break;
            }
        }

        return reserved;
    }

    private bool Literal(string text)
    {
        var comparison = _ignoreCase ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
        if (!_text[_position..].StartsWith(text, comparison))
        {
            return false;
        }

        _position += text.Length;
        return true;
    }

    private bool Optional(PatternElement.Optional section)
    {
        var (position, fields) = (_position, _fields.Copy());
        if (!Match(section.Elements))
        {
            (_position, _fields) = (position, fields);
        }

        return true;
    }

    private bool Number(PatternElement.Number number, int reserved)
    {
        var start = _position;
        var negative = !number.IsFixed && start < _text.Length && _text[start] == '-';
        if (negative || (!number.IsFixed && start < _text.Length && _text[start] == '+'))
        {
            start++;
        }

        var digits = 0;
        while (digits < number.MaxWidth && start + digits < _text.Length && char.IsAsciiDigit(_text[start + digits]))
        {
            digits++;
        }

        if (!number.IsFixed && reserved > 0)
        {
            digits = Math.Max(number.MinWidth, digits - reserved);
        }

        if (digits < number.MinWidth || start + digits > _text.Length
            || !long.TryParse(_text.Slice(start, digits), NumberStyles.None, CultureInfo.InvariantCulture, out var value))
        {
            return false;
        }

        _position = start + digits;
        return _fields.TrySet(number.Field, (negative ? -value : value) + (number.Reduced ? 2000 : 0));
    }

    private bool Fraction(int digits)
    {
        if (_position + digits > _text.Length
            || !long.TryParse(_text.Slice(_position, digits), NumberStyles.None, CultureInfo.InvariantCulture, out var value))
        {
            return false;
        }

        _position += digits;
        for (var i = digits; i < 9; i++)
        {
            value *= 10;
        }

        return _fields.TrySet(PatternField.Nano, value);
    }

    private bool Word(PatternElement.Word word)
    {
        // "September" before "Sep": the longest word that stands here.
        var best = -1;
        for (var i = 0; i < word.Words.Length; i++)
        {
            var saved = _position;
            if (Literal(word.Words[i]) && (best < 0 || word.Words[i].Length > word.Words[best].Length))
            {
                best = i;
            }

            _position = saved;
        }

        if (best < 0)
        {
            return false;
        }

        _position += word.Words[best].Length;
        return _fields.TrySet(word.Field, best + word.FirstValue);
    }

    private bool Offset(PatternElement.Offset offset)
    {
        if (offset.Zero is "Z" or "GMT" && Literal(offset.Zero))
        {
            _fields.Zone ??= TimeZoneInfo.Utc;
            return offset.Zero == "Z" || _position >= _text.Length
                || _text[_position] is not ('+' or '-') || Offset(offset with { Zero = string.Empty });
        }

        var length = offset.Form switch
        {
            "+HH:mm" => 6,
            "+HHmm?" =>
                _position + 5 <= _text.Length && char.IsAsciiDigit(_text[_position + 3]) && char.IsAsciiDigit(_text[_position + 4]) ? 5 : 3,
            _ => 5,
        };
        return TakeZone(length, offsetOnly: true);
    }

    private bool Zone()
    {
        var length = 0;
        while (_position + length < _text.Length
            && (char.IsAsciiLetterOrDigit(_text[_position + length]) || _text[_position + length] is '/' or '_' or '+' or '-' or ':'))
        {
            length++;
        }

        for (; length > 0; length--)
        {
            if (TakeZone(length, offsetOnly: false))
            {
                return true;
            }
        }

        return false;
    }

    private bool TakeZone(int length, bool offsetOnly)
    {
        if (length == 0 || _position + length > _text.Length || (offsetOnly && _text[_position] is not ('+' or '-')))
        {
            return false;
        }

        if (SqlTimeZones.TryFind(_text.Slice(_position, length).ToString()) is not { } zone)
        {
            return false;
        }

        _fields.Zone = zone;
        _position += length;
        return true;
    }
}
