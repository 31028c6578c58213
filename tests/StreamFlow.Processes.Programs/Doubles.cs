using System.Globalization;
using StreamFlow.Streams.Dsl;

namespace StreamFlow.Processes.Programs;

/// <summary>Doubles numbers that come as text; a text that is no number is poison.</summary>
public static class Doubles
{
    public static void Build(StreamsBuilder streams) => streams.Stream<string, string>("numbers")
        .MapValues(text => (2 * int.Parse(text, CultureInfo.InvariantCulture)).ToString(CultureInfo.InvariantCulture))
        .To("doubles");
}
