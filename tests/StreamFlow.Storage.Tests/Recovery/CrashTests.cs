using System.Globalization;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Records;
using StreamFlow.Testing.Storage;

namespace StreamFlow.Storage.Tests.Recovery;

public sealed class CrashTests
{
    [Theory]
    [InlineData(CrashMode.LoseUnsynced)]
    [InlineData(CrashMode.Prefix)]
    [InlineData(CrashMode.Reorder)]
    public async Task After_a_crash_everything_acknowledged_is_there_and_nothing_is_made_up(CrashMode mode)
    {
        for (var seed = 0; seed < 200; seed++)
        {
            try
            {
                await RunAsync(seed, mode);
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"mode {mode}, seed {seed}: {e.Message}", e);
            }
        }
    }

    private static async Task RunAsync(int seed, CrashMode mode)
    {
        var random = new Random(seed);
        var disk = new CrashFileSystem();
        var config = new LogConfig { SegmentBytes = random.Next(2500, 8000), IndexIntervalBytes = random.Next(0, 500) };
        var test = new TestLog(config, disk);
        var appended = new List<string>();
        for (var round = 0; round < 4; round++)
        {
            var acknowledged = await ActAsync(test, random, appended);
            disk.Crash(random, mode);
            test.Open();

            Assert.All(test.Log.Damages, d => Assert.True(d.WasCut));
            Assert.InRange(test.Log.LogEndOffset, acknowledged, appended.Count);
            Assert.Equal(appended[..(int)test.Log.LogEndOffset], test.ReadAll());
            appended.RemoveRange((int)test.Log.LogEndOffset, appended.Count - (int)test.Log.LogEndOffset);
            CheckProducer(test);
        }
    }

    /// <summary>Appends, flushes, rolls, checkpoints at random. Returns the offset below which everything was acknowledged as durable.</summary>
    private static async Task<long> ActAsync(TestLog test, Random random, List<string> appended)
    {
        var acknowledged = test.Log.DurableOffset;
        for (var step = random.Next(1, 40); step > 0; step--)
        {
            switch (random.Next(10))
            {
                case 0:
                    await test.Log.FlushAsync(test.Log.LogEndOffset);
                    acknowledged = test.Log.LogEndOffset;
                    break;
                case 1:
                    test.Log.RollSegment();
                    break;
                case 2:
                    test.Manager.Checkpoint();
                    break;
                default:
                    var values = new string[random.Next(1, 4)];
                    var first = test.Log.LogEndOffset;
                    for (var i = 0; i < values.Length; i++)
                    {
                        values[i] = new string((char)('a' + random.Next(26)), random.Next(300));
                        appended.Add(string.Create(CultureInfo.InvariantCulture, $"{first + i}={values[i]}"));
                    }

                    var options = new RecordBatchOptions { ProducerId = 9, ProducerEpoch = 0, BaseSequence = (int)first };
                    Assert.Equal(ErrorCode.None, test.Append(options, values).Error);
                    break;
            }
        }

        return acknowledged;
    }

    /// <summary>The producer's next sequence is its log's end, because it alone has written.</summary>
    private static void CheckProducer(TestLog test)
    {
        var last = test.Log.DescribeProducers() is [var producer] ? producer.LastSequence : -1;
        Assert.Equal(test.Log.LogEndOffset - 1, last);
    }
}
