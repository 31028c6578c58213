using System.Globalization;

namespace StreamFlow.Sql.Values;

/// <summary>
/// Reads ISO dates, times and timestamps of which trailing parts may be missing:
/// <c>yyyy[-MM[-dd]][THH[:mm[:ss[.fraction]]]][zone]</c>. Zone: <c>Z</c>, <c>±HH</c>, <c>±HHmm</c>, <c>±HH:mm</c>, or an id in brackets.
/// </summary>
internal ref struct IsoText
{
    private readonly string _text;
    private ReadOnlySpan<char> _rest;

    private IsoText(string text)
    {
        _text = text;
        _rest = text.AsSpan().Trim();
    }

    public static SqlTimestamp ParseTimestamp(string text)
    {
        var reader = new IsoText(text);
        var days = reader.ReadDate();
        var ms = 0;
        if (reader.TryTake('T') || reader.TryTake(' '))
        {
            ms = reader.IsAtZone ? 0 : reader.ReadTime(minutesRequired: false);
        }

        var offset = reader.ReadZoneMilliseconds();
        return new SqlTimestamp((days * CalendarDate.MillisPerDay) + ms - offset);
    }

    public static SqlDate ParseDate(string text)
    {
        var reader = new IsoText(text);
        var days = reader.ReadDate();
        if (reader._rest.IsEmpty)
        {
            return new SqlDate((int)days);
        }

        // A timestamp's text is accepted when it says midnight: nothing is lost.
        var timestamp = ParseTimestamp(text);
        return timestamp.ToTime().Milliseconds == 0 ? timestamp.ToDate() : throw reader.Wrong("DATE");
    }

    public static SqlTime ParseTime(string text)
    {
        var reader = new IsoText(text);
        var ms = reader.ReadTime(minutesRequired: true);
        return reader._rest.IsEmpty ? new SqlTime(ms) : throw reader.Wrong("TIME");
    }

    private readonly bool IsAtZone => _rest.IsEmpty || _rest[0] is 'Z' or 'z' or '+' or '-' or '[';

    private long ReadDate()
    {
        var negative = TryTake('-');
        if (!negative)
        {
            _ = TryTake('+');
        }

        var year = ReadNumber(4, 9);
        var month = 1;
        var day = 1;
        if (TryTakeBeforeDigit('-'))
        {
            month = ReadNumber(1, 2);
            day = TryTakeBeforeDigit('-') ? ReadNumber(1, 2) : 1;
        }

        if (month is < 1 or > 12 || day < 1 || day > CalendarDate.DaysInMonth(year, month))
        {
            throw Wrong("date");
        }

        return new CalendarDate(negative ? -year : year, month, day).ToEpochDay();
    }

    private int ReadTime(bool minutesRequired)
    {
        var hour = ReadNumber(1, 2);
        var minute = 0;
        var second = 0;
        var ms = 0;
        if (TryTake(':'))
        {
            minute = ReadNumber(1, 2);
            if (TryTake(':'))
            {
                second = ReadNumber(1, 2);
                ms = TryTake('.') ? ReadFraction() : 0;
            }
        }
        else if (minutesRequired)
        {
            throw Wrong("TIME");
        }

        return hour < 24 && minute < 60 && second < 60 ? (((((hour * 60) + minute) * 60) + second) * 1000) + ms : throw Wrong("time");
    }

    private int ReadFraction()
    {
        var digits = TakeDigits(9);
        if (digits.IsEmpty)
        {
            throw Wrong("time");
        }

        var ms = 0;
        for (var i = 0; i < 3; i++)
        {
            ms = (ms * 10) + (i < digits.Length ? digits[i] - '0' : 0);
        }

        return ms;
    }

    private long ReadZoneMilliseconds()
    {
        if (_rest.IsEmpty || TryTake('Z') || TryTake('z'))
        {
            return _rest.IsEmpty ? 0 : throw Wrong("TIMESTAMP");
        }

        var sign = TryTake('-') ? -1 : TryTake('+') ? 1 : throw Wrong("TIMESTAMP");
        var hours = ReadNumber(2, 2);
        _ = TryTake(':');
        var minutes = _rest.IsEmpty ? 0 : ReadNumber(2, 2);
        return _rest.IsEmpty && hours <= 18 && minutes < 60 ? sign * ((hours * 60L) + minutes) * 60_000 : throw Wrong("TIMESTAMP");
    }

    private bool TryTake(char expected)
    {
        if (_rest.IsEmpty || _rest[0] != expected)
        {
            return false;
        }

        _rest = _rest[1..];
        return true;
    }

    // "2020-01-01-0800" must leave its zone alone, "2020-01" must not: a date part has at most two digits.
    private bool TryTakeBeforeDigit(char expected)
    {
        var digits = _rest.Length > 1 ? _rest[1..].IndexOfAnyExceptInRange('0', '9') : 0;
        digits = digits < 0 ? _rest.Length - 1 : digits;
        return digits is 1 or 2 && TryTake(expected);
    }

    private int ReadNumber(int minDigits, int maxDigits)
    {
        var digits = TakeDigits(maxDigits);
        return digits.Length >= minDigits
            ? int.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture)
            : throw Wrong("date or time");
    }

    private ReadOnlySpan<char> TakeDigits(int max)
    {
        var count = 0;
        while (count < max && count < _rest.Length && char.IsAsciiDigit(_rest[count]))
        {
            count++;
        }

        var digits = _rest[..count];
        _rest = _rest[count..];
        return digits;
    }

    private readonly SqlEvaluationException Wrong(string type) => new($"'{_text}' is no {type} in ISO form.");
}
