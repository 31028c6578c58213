using StreamFlow.Core.Errors;
using Xunit.Abstractions;

namespace StreamFlow.Protocol.Tests.Messages;

/// <summary>Random frames behind valid headers: read, or refused with a <see cref="ProtocolException"/>, never anything else.</summary>
[Trait("Category", "Fuzz")]
public sealed class RandomFrameTests(ITestOutputHelper output)
{
    private const int Frames = 50_000;

    [Fact]
    public void Random_body_is_read_or_refused()
    {
        var seed = Environment.GetEnvironmentVariable("STREAMFLOW_SEED") is { } text ? int.Parse(text, null) : Random.Shared.Next();
        output.WriteLine($"STREAMFLOW_SEED={seed}");
        var random = new Random(seed);
        var refused = 0;
        for (var i = 0; i < Frames; i++)
        {
            var range = ApiVersions.All[random.Next(ApiVersions.All.Count)];
            var body = new byte[random.Next(200)];
            random.NextBytes(body);
            Sparse(random, body);
            var version = (short)random.Next(range.Lowest, range.Highest + 1);
            refused += IsRefused(range.Key, version, body) ? 1 : 0;
        }

        Assert.InRange(refused, 1, Frames - 1);
    }

    /// <summary>Mostly zeros and small numbers get further into a message than noise does.</summary>
    private static void Sparse(Random random, byte[] body)
    {
        for (var i = 0; i < body.Length; i++)
        {
            body[i] = random.Next(4) switch
            {
                0 => body[i],
                1 => (byte)(body[i] % 8),
                _ => 0,
            };
        }
    }

    private static bool IsRefused(ApiKey key, short version, byte[] body)
    {
        try
        {
            var request = new ProtocolReader(body, "request");
            MessageRegistry.ReadRequest(ref request, key, version);
            var response = new ProtocolReader(body, "response");
            MessageRegistry.ReadResponse(ref response, key, version);
            return false;
        }
        catch (ProtocolException)
        {
            return true;
        }
    }
}
