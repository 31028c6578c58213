using System.Globalization;

namespace StreamFlow.Sql.Values;

/// <summary>
/// A proleptic Gregorian date. Unlike <see cref="DateOnly"/> it has years before 1 and after 9999, which epoch days can express.
/// The day arithmetic is the "civil from days" algorithm over 400-year eras that start on March 1st.
/// </summary>
/// <param name="Year">Proleptic year (0 is 1 BC).</param>
/// <param name="Month">1 to 12.</param>
/// <param name="Day">1 to 31.</param>
internal readonly record struct CalendarDate(int Year, int Month, int Day)
{
    public const long MillisPerDay = 86_400_000;
    private const int DaysPerEra = 146_097;
    private const int EpochShift = 719_468;

    public static CalendarDate FromEpochDay(long epochDay)
    {
        var shifted = epochDay + EpochShift;
        var era = FloorDiv(shifted, DaysPerEra);
        var dayOfEra = (int)(shifted - (era * DaysPerEra));
        var yearOfEra = (dayOfEra - (dayOfEra / 1460) + (dayOfEra / 36_524) - (dayOfEra / 146_096)) / 365;
        var dayOfYear = dayOfEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        var marchMonth = ((5 * dayOfYear) + 2) / 153;
        var day = dayOfYear - (((153 * marchMonth) + 2) / 5) + 1;
        var month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
        var year = (int)(yearOfEra + (era * 400)) + (month <= 2 ? 1 : 0);
        return new CalendarDate(year, month, day);
    }

    public long ToEpochDay()
    {
        var year = Month <= 2 ? Year - 1 : Year;
        var era = FloorDiv(year, 400);
        var yearOfEra = year - (era * 400);
        var dayOfYear = (((153 * (Month > 2 ? Month - 3 : Month + 9)) + 2) / 5) + Day - 1;
        var dayOfEra = (yearOfEra * 365) + (yearOfEra / 4) - (yearOfEra / 100) + dayOfYear;
        return (era * DaysPerEra) + dayOfEra - EpochShift;
    }

    public int DayOfYear => (int)(ToEpochDay() - new CalendarDate(Year, 1, 1).ToEpochDay()) + 1;

    /// <summary>1 = Monday … 7 = Sunday.</summary>
    public int DayOfWeek => (int)FloorMod(ToEpochDay() + 3, 7) + 1;

    public static bool IsLeapYear(long year) => (year & 3) == 0 && (year % 100 != 0 || year % 400 == 0);

    public static int DaysInMonth(long year, int month) => month switch
    {
        2 => IsLeapYear(year) ? 29 : 28,
        4 or 6 or 9 or 11 => 30,
        _ => 31,
    };

    public static string YearText(int year) => year < 0
        ? "-" + (-year).ToString("0000", CultureInfo.InvariantCulture)
        : (year > 9999 ? "+" : string.Empty) + year.ToString("0000", CultureInfo.InvariantCulture);

    public static long FloorDiv(long value, long divisor)
    {
        var quotient = value / divisor;
        return value % divisor != 0 && (value < 0) != (divisor < 0) ? quotient - 1 : quotient;
    }

    public static long FloorMod(long value, long divisor) => value - (FloorDiv(value, divisor) * divisor);
}
