/// <summary>Sample records of a morning, in the order of their times; the same ones for the same seed.</summary>
internal static class SampleCards
{
    public static IEnumerable<(string Topic, string Card, string Json, long Time)> Records(int seed)
    {
        string[] countries = ["DE", "FR", "US", "JP", "BR"];
        var start = new DateTimeOffset(2026, 1, 1, 8, 0, 0, TimeSpan.Zero).ToUnixTimeMilliseconds();
        var random = new Random(seed);
        for (var i = 0; i < 4000; i++)
        {
            // Every card is used at home, but one time in 200 in some country.
            var card = random.Next(500);
            var country = countries[random.Next(200) == 0 ? random.Next(countries.Length) : card % countries.Length];
            var topic = random.Next(4) == 0 ? CardFraud.Withdrawals : CardFraud.Payments;
            var json = $$"""{"Country":"{{country}}","Cents":{{random.Next(1, 500) * 100}}}""";
            yield return (topic, $"card-{card:D3}", i switch { 1000 => "not JSON", 2000 => json.Replace("s\":", "s\":-"), _ => json }, start + (i * 3600L));
        }
    }
}
