using System.Collections.Immutable;
using StreamFlow.Broker.Security.Quotas;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Messages;

namespace StreamFlow.Broker.Tests.Security;

public sealed class QuotaTests
{
    [Theory]
    [InlineData("alice+app=1 alice+*=2 alice=3 *+app=4 *+*=5 *=6 +app=7 +*=8", 1, "alice+app")]
    [InlineData("alice+*=2 alice=3 *+app=4 *+*=5 *=6 +app=7 +*=8", 2, "alice+app")]
    [InlineData("alice=3 *+app=4 *+*=5 *=6 +app=7 +*=8", 3, "alice")]
    [InlineData("*+app=4 *+*=5 *=6 +app=7 +*=8", 4, "alice+app")]
    [InlineData("*+*=5 *=6 +app=7 +*=8", 5, "alice+app")]
    [InlineData("*=6 +app=7 +*=8", 6, "alice")]
    [InlineData("+app=7 +*=8", 7, "+app")]
    [InlineData("+*=8", 8, "+app")]
    [InlineData("bob=1 +other=2", null, null)]
    public void Most_special_quota_counts(string quotas, int? limit, string? counted)
    {
        var all = quotas.Split(' ').Select(q => q.Split('=')).ToImmutableDictionary(
            q => Entity(q[0]), q => ImmutableSortedDictionary<string, double>.Empty.Add(QuotaKeys.Produce, int.Parse(q[1])));

        var found = new QuotaIndex(all).Find(QuotaKeys.Produce, "alice", "app");

        Assert.Equal(limit, (int?)found?.Limit);
        Assert.Equal(counted is null ? null : Entity(counted), found?.Counted);
        Assert.Null(new QuotaIndex(all).Find(QuotaKeys.Fetch, "alice", "app"));
    }

    [Fact]
    public void Wait_brings_the_mean_back_to_the_limit()
    {
        var meter = new UseMeter();

        Assert.Equal(0, meter.Add(1000, 900, 100));

        // 2,000 in ten seconds are 200 a second, twice the limit: ten more seconds make it right.
        Assert.Equal(10_000, meter.Add(1500, 1100, 100));
    }

    [Fact]
    public void Use_is_forgotten_after_its_window()
    {
        var meter = new UseMeter();
        Assert.NotEqual(0, meter.Add(0, 5000, 100));

        Assert.Equal(0, meter.Add(60_000, 500, 100));
    }

    [Fact]
    public void Mutations_may_burst_then_overdraw_once()
    {
        var bucket = new MutationBucket();

        Assert.Equal((true, 0), bucket.Take(0, 11, 1, strict: true));
        Assert.Equal((false, 0), bucket.Take(0, 1, 1, strict: true));
        Assert.Equal((true, 0), bucket.Take(1000, 5, 1, strict: true));
        Assert.Equal((false, 3000), bucket.Take(2000, 1, 1, strict: true));
        Assert.Equal((true, 4000), bucket.Take(2000, 1, 1, strict: false));
    }

    [Fact]
    public async Task Quotas_are_set_listed_and_removed()
    {
        await using var broker = await TestBroker.StartAsync();

        Assert.Equal(ErrorCode.None, await SetAsync(broker, [("user", "alice"), ("client-id", null)], QuotaKeys.Produce, 1024));
        Assert.Equal(ErrorCode.None, await SetAsync(broker, [("user", "alice")], QuotaKeys.Request, 12.5));
        Assert.Equal(ErrorCode.None, await SetAsync(broker, [("ip", "127.0.0.1")], QuotaKeys.Connection, 5));
        Assert.Equal(ErrorCode.InvalidRequest, await SetAsync(broker, [("ip", "1.1.1.1")], QuotaKeys.Produce, 5));
        Assert.Equal(ErrorCode.InvalidRequest, await SetAsync(broker, [("ip", "1.1.1.1"), ("user", "a")], QuotaKeys.Connection, 5));
        Assert.Equal(ErrorCode.InvalidRequest, await SetAsync(broker, [("user", "a")], QuotaKeys.Produce, -1));
        Assert.Equal(ErrorCode.InvalidRequest, await SetAsync(broker, [("group", "a")], QuotaKeys.Produce, 1));

        Assert.Equal(3, (await DescribeAsync(broker)).Count);
        Assert.Equal(2, (await DescribeAsync(broker, strict: false, ("user", 0, "alice"))).Count);
        Assert.Equal(12.5, Assert.Single((await DescribeAsync(broker, strict: true, ("user", 2, null)))).Values[0].Value);
        var both = Assert.Single(await DescribeAsync(broker, strict: false, ("client-id", 1, null)));
        Assert.Equal([("user", "alice"), ("client-id", null)], both.Entity.Select(e => (e.EntityType, e.EntityName)));

        Assert.Equal(ErrorCode.None, await SetAsync(broker, [("user", "alice")], QuotaKeys.Request, null));
        Assert.Equal(2, (await DescribeAsync(broker)).Count);
    }

    private static QuotaEntity Entity(string text)
    {
        var parts = text.Split('+').Select(p => p == "*" ? "" : p).ToArray();
        return text.StartsWith('+') ? new(null, parts[1], null) : new(parts[0], parts.Length > 1 ? parts[1] : null, null);
    }

    private static async Task<ErrorCode> SetAsync(
        TestBroker broker, (string Type, string? Name)[] entity, string key, double? value)
    {
        var response = await broker.SendAsync(new AlterClientQuotasRequest
        {
            Entries =
            [
                new()
                {
                    Entity = [.. entity.Select(e => new AlterClientQuotasRequest.EntityData { EntityType = e.Type, EntityName = e.Name })],
                    Ops = [new() { Key = key, Value = value ?? 0, Remove = value is null }],
                },
            ],
        });
        return response.Entries[0].ErrorCode;
    }

    private static async Task<List<DescribeClientQuotasResponse.EntryData>> DescribeAsync(
        TestBroker broker, bool strict = false, params (string Type, sbyte Match, string? Name)[] filter)
    {
        var response = await broker.SendAsync(new DescribeClientQuotasRequest
        {
            Strict = strict,
            Components = [.. filter.Select(f => new DescribeClientQuotasRequest.ComponentData
            {
                EntityType = f.Type, MatchType = f.Match, Match = f.Name,
            })],
        });
        Assert.Equal(ErrorCode.None, response.ErrorCode);
        return response.Entries!;
    }
}
