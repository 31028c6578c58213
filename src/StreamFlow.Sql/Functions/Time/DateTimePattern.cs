using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Functions.Time;

/// <summary>A pattern of Java's DateTimeFormatter, compiled once: formats points in time and parses texts.</summary>
internal sealed class DateTimePattern
{
    // Patterns usually are literals of the statement; a column as pattern must not grow the cache without bound.
    private const int CacheLimit = 256;
    private static readonly ConcurrentDictionary<string, DateTimePattern> Cache = new(StringComparer.Ordinal);

    private readonly string _pattern;
    private readonly List<PatternElement> _elements;

    private DateTimePattern(string pattern)
    {
        _pattern = pattern;
        _elements = PatternCompiler.Compile(pattern);
        HasDate = Any(_elements, e => e is PatternElement.Number { Field: < PatternField.AmPm }
            or PatternElement.Word { Field: < PatternField.AmPm });
        HasTime = Any(_elements, e => e is PatternElement.Fraction or PatternElement.Number { Field: >= PatternField.AmPm }
            or PatternElement.Word { Field: >= PatternField.AmPm });
    }

    /// <summary>Whether a part of a date occurs.</summary>
    public bool HasDate { get; }

    /// <summary>Whether a part of a time of day occurs.</summary>
    public bool HasTime { get; }

    /// <summary>The compiled form of a pattern.</summary>
    /// <exception cref="SqlEvaluationException">It is no pattern.</exception>
    public static DateTimePattern Of(string pattern)
    {
        if (Cache.TryGetValue(pattern, out var known))
        {
            return known;
        }

        var compiled = new DateTimePattern(pattern);
        if (Cache.Count >= CacheLimit)
        {
            Cache.Clear();
        }

        return Cache[pattern] = compiled;
    }

    /// <summary>Reads the fields of a text.</summary>
    /// <exception cref="SqlEvaluationException">The text does not match.</exception>
    public ParsedFields Parse(string text, bool ignoreCase = true) => PatternParser.Parse(_elements, text, ignoreCase)
        ?? throw new SqlEvaluationException($"'{text}' does not match the pattern '{_pattern}'.");

    /// <summary>Milliseconds since the epoch of a text; a zone in the text wins over the one given.</summary>
    public long ParseTimestamp(string text, TimeZoneInfo zone)
    {
        var fields = Parse(text);
        var local = (fields.EpochDay() * CalendarDate.MillisPerDay) + fields.MillisecondOfDay();
        return SqlTimeZones.ToUtc(fields.Zone ?? zone, local);
    }

    /// <summary>Formats a point in time as a zone's clocks show it.</summary>
    public string Format(long epochMilliseconds, TimeZoneInfo zone)
    {
        var moment = new Moment(epochMilliseconds, zone);
        var text = new StringBuilder();
        Append(text, _elements, moment);
        return text.ToString();
    }

    private static bool Any(IEnumerable<PatternElement> elements, Func<PatternElement, bool> predicate) =>
        elements.Any(e => predicate(e) || (e is PatternElement.Optional o && Any(o.Elements, predicate)));

    private static void Append(StringBuilder text, IReadOnlyList<PatternElement> elements, in Moment moment)
    {
        foreach (var element in elements)
        {
            switch (element)
            {
                case PatternElement.Literal l:
                    text.Append(l.Text);
                    break;
                case PatternElement.Number n:
                    AppendNumber(text, n, moment.Field(n.Field));
                    break;
                case PatternElement.Fraction f:
                    text.Append(moment.Field(PatternField.Nano).ToString("000000000", CultureInfo.InvariantCulture).AsSpan(0, f.Digits));
                    break;
                case PatternElement.Word w:
                    text.Append(w.Words[moment.Field(w.Field) - w.FirstValue]);
                    break;
                case PatternElement.Offset o:
                    AppendOffset(text, o, moment.OffsetSeconds);
                    break;
                case PatternElement.Optional o:
                    Append(text, o.Elements, moment);
                    break;
                case PatternElement.Zone z:
                    text.Append(moment.ZoneName(z.Name));
                    break;
            }
        }
    }

    private static void AppendNumber(StringBuilder text, PatternElement.Number number, long value)
    {
        if (number.Reduced)
        {
            text.Append((Math.Abs(value) % 100).ToString("00", CultureInfo.InvariantCulture));
            return;
        }

        var digits = Math.Abs(value).ToString(CultureInfo.InvariantCulture).PadLeft(number.MinWidth, '0');
        var plus = number.Field <= PatternField.YearOfEra && number.MinWidth >= 4 && digits.Length > number.MinWidth;
        text.Append(value < 0 ? "-" : plus ? "+" : string.Empty).Append(digits);
    }

    private static void AppendOffset(StringBuilder text, PatternElement.Offset offset, int seconds)
    {
        var prefix = offset.Zero == "GMT" ? "GMT" : string.Empty;
        text.Append(seconds == 0 ? offset.Zero : prefix + SqlTimeZones.FormatOffset(seconds, offset.Form));
    }
}
