using StreamFlow.Client;
using StreamFlow.Client.Consuming;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Topics;

namespace StreamFlow.Broker.Tests.BadLuck;

/// <summary>What a broker makes of files that were damaged while it did not run.</summary>
public sealed class DamageTests : IAsyncLifetime, IDisposable
{
    private const int BatchesBefore = 3;
    private readonly string _directory = Path.Combine(Path.GetTempPath(), $"damage-{Guid.NewGuid():N}");
    private readonly LogLines _log = new();
    private TestBroker _broker = null!;

    private string Partition => Path.Combine(_directory, "t-0");

    private string LogFile => Path.Combine(Partition, "00000000000000000000.log");

    private int BatchSize => (int)new FileInfo(LogFile).Length / BatchesBefore;

    public async Task InitializeAsync()
    {
        await StartAsync();
        await _broker.CreateTopicAsync("t", configs: [("index.interval.bytes", "1")]);
        foreach (var value in (string[])["a", "b", "c"])
        {
            await _broker.ProduceAsync("t", 0, TestBroker.Batch(value));
        }

        await _broker.DisposeAsync();
    }

    public async Task DisposeAsync()
    {
        await _broker.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    public void Dispose() => _log.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Index_files_that_are_gone_are_made_again(bool wasCleanStop)
    {
        foreach (var file in Directory.GetFiles(Partition, "*index"))
        {
            File.Delete(file);
        }

        await RestartAsync(wasCleanStop);
        Assert.Equal(["a", "b", "c"], TestBroker.Values(await _broker.FetchAsync("t", 0, 0)));
        Assert.Equal(["c"], TestBroker.Values(await _broker.FetchAsync("t", 0, 2)));
        await _broker.DisposeAsync();
        Assert.True(File.Exists(Path.ChangeExtension(LogFile, ".index")));
        Assert.True(File.Exists(Path.ChangeExtension(LogFile, ".timeindex")));
    }

    [Fact]
    public async Task A_torn_tail_is_cut_and_said_and_the_rest_is_served()
    {
        var size = BatchSize;
        using (var file = File.OpenWrite(LogFile))
        {
            file.SetLength((size * 3) - 5);
        }

        await RestartAsync(wasCleanStop: false);
        await AssertTailCutAsync(size);
    }

    [Fact]
    public async Task A_bit_flipped_in_the_tail_cuts_it()
    {
        var size = BatchSize;
        Flip((size * 3) - 2);
        await RestartAsync(wasCleanStop: false);
        await AssertTailCutAsync(size);
    }

    [Fact]
    public async Task Damage_in_the_middle_is_reported_with_its_place_and_never_served()
    {
        var size = BatchSize;
        Flip((size * 2) - 2);
        await RestartAsync(wasCleanStop: true, listen: true);
        Assert.Equal(["a"], TestBroker.Values(await _broker.FetchAsync("t", 0, 0)));
        var damaged = await _broker.FetchAsync("t", 0, 1);
        Assert.Equal((ErrorCode.CorruptMessage, 0), (damaged.ErrorCode, damaged.Records!.Value.Length));
        Assert.True(_log.Contains($"{LogFile}: damaged at byte {size}"), string.Join('\n', _log.All));
        Assert.Equal(["c"], TestBroker.Values(await _broker.FetchAsync("t", 0, 2)));

        await using var cluster = RemoteCluster.Open(_broker.Address);
        await using var consumer = cluster.CreateConsumer(ConsumerOptions.Default);
        var partition = new TopicPartition("t", 0);
        consumer.Assign([partition]);
        consumer.Seek(partition, 0);
        using (var first = await consumer.PollAsync(TimeSpan.FromSeconds(20)))
        {
            Assert.Equal(0, first!.BaseOffset);
        }

        var error = await Assert.ThrowsAsync<CorruptRecordException>(async () => await consumer.PollAsync(TimeSpan.FromSeconds(20)));
        Assert.Contains("t-0 is damaged at offset 1", error.Message, StringComparison.Ordinal);
        consumer.Seek(partition, 2);
        using var next = await consumer.PollAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(2, next!.BaseOffset);
    }

    private async Task AssertTailCutAsync(int size)
    {
        Assert.True(_log.Contains($"{LogFile}") && _log.Contains($"{size * 2}"), string.Join('\n', _log.All));
        Assert.Equal(["a", "b"], TestBroker.Values(await _broker.FetchAsync("t", 0, 0)));
        Assert.Equal(2, (await _broker.ProduceAsync("t", 0, TestBroker.Batch("d"))).BaseOffset);
        Assert.Equal(["d"], TestBroker.Values(await _broker.FetchAsync("t", 0, 2)));
    }

    private void Flip(int position)
    {
        using var file = File.Open(LogFile, FileMode.Open, FileAccess.ReadWrite);
        file.Position = position;
        var value = file.ReadByte();
        file.Position = position;
        file.WriteByte((byte)(value ^ 0x10));
    }

    private Task RestartAsync(bool wasCleanStop, bool listen = false)
    {
        if (!wasCleanStop)
        {
            File.Delete(Path.Combine(_directory, ".kafka_cleanshutdown"));
        }

        return StartAsync(listen);
    }

    private async Task StartAsync(bool listen = false) => _broker = await TestBroker.StartAsync(
        environment: new BrokerEnvironment { Loggers = _log }, directory: _directory, listen: listen);
}
