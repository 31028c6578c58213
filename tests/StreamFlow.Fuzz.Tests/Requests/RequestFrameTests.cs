using StreamFlow.Core.Errors;
using StreamFlow.Protocol;
using Xunit.Abstractions;

namespace StreamFlow.Fuzz.Tests.Requests;

/// <summary>
/// Requests of every API and version with random content, whole and damaged: each is answered or refused, allocates no more than its bytes
/// are worth when it is read, and nobody else is harmed.
/// </summary>
[Trait("Category", "Fuzz")]
public sealed class RequestFrameTests(ITestOutputHelper output)
{
    /// <summary>Inputs between two looks at somebody else's topic, and between two brokers.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private const int CheckEvery = 1000;
    private const int BrokerEvery = 20_000;

    /// <summary>Bytes of objects that one byte of a frame may become: the smallest element of a list takes one or two.</summary>
    private const long ObjectBytesPerFrameByte = 256;
    private const long FreeBytes = 64 * 1024;

    [Fact]
    public async Task Any_frame_is_answered_or_refused_and_harms_nobody()
    {
        var run = new FuzzRun(output);
        var broker = default(BrokerUnderFire);
        var words = new RequestWords();
        var requests = new RandomRequests(words);
        byte[] before = [];
        var failures = new Dictionary<string, Exception>();
        var (answered, refused) = (0, 0);
        try
        {
            for (var input = 0; input < run.Inputs; input++)
            {
                if (input % BrokerEvery == 0)
                {
                    await (broker?.DisposeAsync() ?? ValueTask.CompletedTask);
                    words = new RequestWords();
                    requests = new RandomRequests(words);
                    broker = await BrokerUnderFire.StartAsync(words);
                }

                var random = run.RandomOf(input);
                var frame = RandomFrame(random, requests, broker!.Apis, before);
                before = frame;
                try
                {
                    var isAnswered = await Task.Run(() => HandleAsync(broker, frame, input)).WaitAsync(Patience);
                    _ = isAnswered ? answered++ : refused++;
                }
                catch (Exception e)
                {
                    failures.TryAdd(PlaceOf(e), run.Failure(input, e.Message, frame, e));
                    if (e is TimeoutException)
                    {
                        // Something still runs in this broker; nothing that it does now says more.
                        broker = null;
                        input = Math.Max(input, (((input / BrokerEvery) + 1) * BrokerEvery) - 1);
                    }
                }
            }
        }
        finally
        {
            await (broker?.DisposeAsync() ?? ValueTask.CompletedTask);
        }

        output.WriteLine($"{answered} answered, {refused} refused");
        Assert.True(failures.Count == 0, string.Join("\n\n", failures.Values));
        Assert.True(answered > run.Inputs / 10 && refused > run.Inputs / 10, $"{answered} answered, {refused} refused");
    }

    private static async Task<bool> HandleAsync(BrokerUnderFire broker, byte[] frame, int input)
    {
        CheckAllocation(broker, frame);
        var isAnswered = await broker.TryHandleAsync([.. frame]);
        if (input % CheckEvery == 0)
        {
            await broker.CheckBystanderAsync();
        }

        return isAnswered;
    }

    /// <summary>One report for each place that fails, however often.</summary>
    private static string PlaceOf(Exception e)
    {
        var stack = e.GetBaseException().StackTrace ?? e.Message;
        return stack.Split('\n').FirstOrDefault(l => l.Contains("StreamFlow.", StringComparison.Ordinal)) ?? stack;
    }

    private static byte[] RandomFrame(Random random, RandomRequests requests, IReadOnlyList<ApiVersionRange> apis, byte[] before)
    {
        var api = apis[random.Next(apis.Count)];
        var frame = requests.Frame(random, api.Key, (short)random.Next(api.Lowest, api.Highest + 1));
        return random.Next(3) == 0 ? frame : Mutator.Mutate(random, frame, before);
    }

    private static void CheckAllocation(BrokerUnderFire broker, byte[] frame)
    {
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        try
        {
            broker.Read(frame);
        }
        catch (ProtocolException)
        {
            // Refused, as it should be; what it cost counts all the same.
        }

        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        Assert.True(
            allocated <= FreeBytes + (frame.Length * ObjectBytesPerFrameByte), $"reading {frame.Length} bytes allocated {allocated}");
    }
}
