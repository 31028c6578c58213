using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Functions.Time;

/// <summary>
/// Compiles the pattern language of Java's DateTimeFormatter. Letters: G u y Y Q q M L w W d D E e c a H k K h m s S A n N V v z O X x Z;
/// <c>'text'</c>, <c>''</c> and <c>[optional]</c>.
/// </summary>
internal ref struct PatternCompiler
{
    private static readonly string[] Months =
    [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
    ];

    private static readonly string[] Days = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

    private readonly string _pattern;
    private int _position;

    private PatternCompiler(string pattern) => _pattern = pattern;

    public static List<PatternElement> Compile(string pattern)
    {
        var compiler = new PatternCompiler(pattern);
        var elements = compiler.Section(nested: false);
        return elements;
    }

    private List<PatternElement> Section(bool nested)
    {
        var elements = new List<PatternElement>();
        while (_position < _pattern.Length)
        {
            var c = _pattern[_position];
            switch (c)
            {
                case '[':
                    _position++;
                    elements.Add(new PatternElement.Optional(Section(nested: true)));
                    break;
                case ']':
                    _position++;
                    return nested ? elements : throw Wrong("a ] without [");
                case '\'':
                    elements.Add(Quoted());
                    break;
                case '{' or '}' or '#':
                    throw Wrong($"the reserved character {c}");
                case var letter when char.IsAsciiLetter(letter):
                    elements.Add(Letters(letter));
                    break;
                default:
                    elements.Add(new PatternElement.Literal(c.ToString()));
                    _position++;
                    break;
            }
        }

        // An open [ ends with the pattern, as in Java.
        return elements;
    }

    private PatternElement.Literal Quoted()
    {
        var text = new System.Text.StringBuilder();
        for (_position++; _position < _pattern.Length; _position++)
        {
            if (_pattern[_position] != '\'')
            {
                text.Append(_pattern[_position]);
            }
            else if (_position + 1 < _pattern.Length && _pattern[_position + 1] == '\'')
            {
                text.Append('\'');
                _position++;
            }
            else
            {
                _position++;
                return new PatternElement.Literal(text.Length == 0 ? "'" : text.ToString());
            }
        }

        throw Wrong("a quote that does not end");
    }

    private PatternElement Letters(char letter)
    {
        var start = _position;
        while (_position < _pattern.Length && _pattern[_position] == letter)
        {
            _position++;
        }

        var count = _position - start;
        return letter switch
        {
            'y' => Year(PatternField.YearOfEra, count),
            'u' => Year(PatternField.Year, count),
            'Y' => Year(PatternField.WeekYear, count),
            'M' or 'L' => MonthOrDay(PatternField.Month, count, Months),
            'E' => Name(PatternField.DayOfWeek, Math.Max(count, 3), Days),
            'e' or 'c' => MonthOrDay(PatternField.DayOfWeek, count, Days),
            'G' => new PatternElement.Word(PatternField.Era, count == 4 ? ["Before Christ", "Anno Domini"] : ["BC", "AD"], 0),
            'a' when count == 1 => new PatternElement.Word(PatternField.AmPm, ["AM", "PM"], 0),
            'Q' or 'q' => Simple(PatternField.Quarter, count, 2),
            'd' => Simple(PatternField.Day, count, 2),
            'D' => new PatternElement.Number(PatternField.DayOfYear, Limit(count, 3), 3),
            'w' => Simple(PatternField.WeekOfYear, count, 2),
            'W' => Simple(PatternField.WeekOfMonth, count, 1),
            'H' => Simple(PatternField.Hour24, count, 2),
            'k' => Simple(PatternField.Hour1To24, count, 2),
            'K' => Simple(PatternField.Hour11, count, 2),
            'h' => Simple(PatternField.Hour12, count, 2),
            'm' => Simple(PatternField.Minute, count, 2),
            's' => Simple(PatternField.Second, count, 2),
            'S' => new PatternElement.Fraction(Limit(count, 9)),
            'A' => new PatternElement.Number(PatternField.MilliOfDay, count, 19),
            'n' => new PatternElement.Number(PatternField.Nano, count, 19),
            'N' => new PatternElement.Number(PatternField.NanoOfDay, count, 19),
            'V' when count == 2 => new PatternElement.Zone(Name: false),
            'v' or 'z' => new PatternElement.Zone(Name: true),
            'O' => new PatternElement.Offset("+HH:mm", "GMT"),
            'X' => new PatternElement.Offset(OffsetForm(count), "Z"),
            'x' => new PatternElement.Offset(OffsetForm(count), count is 1 ? "+00" : count is 2 or 4 ? "+0000" : "+00:00"),
            'Z' when count <= 3 => new PatternElement.Offset("+HHmm", "+0000"),
            'Z' when count == 4 => new PatternElement.Offset("+HH:mm", "GMT"),
            'Z' when count == 5 => new PatternElement.Offset("+HH:mm", "Z"),
            _ => throw Wrong($"{new string(letter, count)}"),
        };
    }

    private static string OffsetForm(int count) => count switch
    {
        1 => "+HHmm?",
        2 or 4 => "+HHmm",
        _ => "+HH:mm",
    };

    private static PatternElement.Number Year(PatternField field, int count) => count switch
    {
        2 => new PatternElement.Number(field, 2, 2, Reduced: true),
        _ => new PatternElement.Number(field, count, 19),
    };

    // One letter takes what digits there are, two letters exactly two.
    private readonly PatternElement.Number Simple(PatternField field, int count, int max) => count switch
    {
        1 => new PatternElement.Number(field, 1, 19),
        _ => new PatternElement.Number(field, Limit(count, max), max),
    };

    private readonly PatternElement MonthOrDay(PatternField field, int count, string[] words) =>
        count <= 2 ? Simple(field, count, 2) : Name(field, count, words);

    private readonly PatternElement.Word Name(PatternField field, int count, string[] words) => count switch
    {
        3 => new PatternElement.Word(field, [.. words.Select(w => w[..3])], 1),
        4 => new PatternElement.Word(field, words, 1),
        5 => new PatternElement.Word(field, [.. words.Select(w => w[..1])], 1),
        _ => throw Wrong($"{count} letters for a name"),
    };

    private readonly int Limit(int count, int max) => count <= max ? count : throw Wrong($"{count} letters where {max} are the most");

    private readonly SqlEvaluationException Wrong(string what) => new($"'{_pattern}' is no date-time pattern: it has {what}.");
}
