using System.Text;

namespace StreamFlow.Cli.Bench.Nexmark;

/// <summary>The word lists and the price table of the Nexmark workload; all of them are part of its definition.</summary>
internal static class NexmarkWords
{
    public static ReadOnlySpan<byte> Alphabet => "abcdefghijklmnopqrstuvwxyz__aeot"u8;

    public static byte[][] FirstNames { get; } = Words("Peter,Paul,Luke,John,Saul,Vicky,Kate,Julie,Sarah,Deiter,Walter");

    public static byte[][] LastNames { get; } = Words("Shultz,Abrams,Spencer,White,Bartels,Walton,Smith,Jones,Noris");

    public static byte[][] Cities { get; } =
        Words("Phoenix,Los Angeles,San Francisco,Boise,Portland,Bend,Redmond,Seattle,Kent,Cheyenne");

    public static byte[][] States { get; } = Words("AZ,CA,ID,OR,WA,WY");

    public static byte[][] HotChannels { get; } = Words("Google,Facebook,Baidu,Apple");

    /// <summary>round(100 * 10^(j/10)) for j = 0 … 60, written out because rounding of powers differs between libraries.</summary>
    public static ReadOnlySpan<long> Prices =>
    [
        100, 126, 158, 200, 251, 316, 398, 501, 631, 794,
        1000, 1259, 1585, 1995, 2512, 3162, 3981, 5012, 6310, 7943,
        10000, 12589, 15849, 19953, 25119, 31623, 39811, 50119, 63096, 79433,
        100000, 125893, 158489, 199526, 251189, 316228, 398107, 501187, 630957, 794328,
        1000000, 1258925, 1584893, 1995262, 2511886, 3162278, 3981072, 5011872, 6309573, 7943282,
        10000000, 12589254, 15848932, 19952623, 25118864, 31622777, 39810717, 50118723, 63095734, 79432823,
        100000000,
    ];

    private static byte[][] Words(string list) => Array.ConvertAll(list.Split(','), Encoding.ASCII.GetBytes);
}
