/// <summary>A morning of sample records in the order of their times; the same ones for the same seed.</summary>
internal static class SampleCards
{
    private const long Start = 1_767_254_400_000; // 2026-01-01 08:00 UTC
    private static readonly string[] Countries = ["DE", "FR", "US", "JP", "BR"];

    public static IEnumerable<(string Topic, string Card, string Json, long Time)> Records(int seed)
    {
        var random = new Random(seed);
        for (var i = 0; i < 4000; i++)
        {
            // Every card is used at home, except that some turn up elsewhere: minutes after they paid at home, or hours.
            var card = random.Next(500);
            var country = Countries[random.Next(200) == 0 ? random.Next(Countries.Length) : card % Countries.Length];
            var topic = random.Next(4) == 0 ? CardFraud.Withdrawals : CardFraud.Payments;
            var json = $$"""{"Country":"{{country}}","Cents":{{random.Next(1, 500) * 100}}}""";
            yield return (topic, $"card-{card:D3}", i switch { 1000 => "not JSON", 2000 => """{"Country":"DE","Cents":-1}""", _ => json }, Start + (i * 3600L));
        }
    }
}
