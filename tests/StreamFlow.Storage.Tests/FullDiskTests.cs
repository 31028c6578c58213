using StreamFlow.Core.Errors;
using StreamFlow.Testing.Storage;

namespace StreamFlow.Storage.Tests;

public sealed class FullDiskTests
{
    [Fact]
    public async Task A_full_disk_refuses_appends_and_serves_reads_and_recovers_when_there_is_room()
    {
        var disk = new CrashFileSystem();
        await using var test = new TestLog(files: disk);
        test.Append("a");
        for (var room = 0; room < 60; room += 7)
        {
            disk.Capacity = disk.Capacity == long.MaxValue ? Used(disk) + room : disk.Capacity;
            Assert.Contains("No space left", Assert.Throws<StorageException>(() => test.Append("refused")).Message, StringComparison.Ordinal);
            Assert.Equal("0=a", test.ReadAll()[0]);
            disk.Capacity = long.MaxValue;
            var accepted = test.Append("b");
            Assert.Equal(test.Log.LogEndOffset - 1, accepted.BaseOffset);
        }

        await test.ReopenAsync();
        Assert.Empty(test.Log.Damages);
        Assert.Equal(10, test.ReadAll().Count);
    }

    [Fact]
    public async Task A_full_disk_at_a_roll_leaves_the_log_as_it_was()
    {
        var disk = new CrashFileSystem();
        await using var test = new TestLog(new LogConfig { SegmentBytes = 1000, IndexIntervalBytes = 10 }, disk);
        for (var i = 0; i < 100; i++)
        {
            disk.Capacity = Used(disk) + (i % 4 * 30);
            var refused = Record.Exception(() => test.Append($"v{i}"));
            Assert.True(refused is null or StorageException);
            disk.Capacity = long.MaxValue;
            Assert.Equal(i, refused is null ? test.Log.LogEndOffset - 1 : test.Append($"v{i}").BaseOffset);
        }

        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"{i}=v{i}"), test.ReadAll());
        await test.ReopenAsync();
        Assert.Equal(Enumerable.Range(0, 100).Select(i => $"{i}=v{i}"), test.ReadAll());
    }

    [Fact]
    public async Task A_disk_that_is_full_at_the_first_flush_fails_that_flush_and_not_the_log()
    {
        var disk = new CrashFileSystem();
        await using var test = new TestLog(files: disk);
        test.Append("a");
        disk.Capacity = Used(disk);
        var refused = await Assert.ThrowsAsync<StorageException>(async () => await test.Log.FlushAsync(1));
        Assert.Contains("No space left", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, test.Log.DurableOffset);

        disk.Capacity = long.MaxValue;
        await test.Log.FlushAsync(1);
        Assert.Equal(ErrorCode.None, test.Append("b").Error);
        await test.Log.FlushAsync(2);
        Assert.Equal(2, test.Log.DurableOffset);
    }

    [Fact]
    public async Task A_read_only_disk_refuses_appends_and_serves_reads()
    {
        var disk = new CrashFileSystem();
        var test = new TestLog(files: disk);
        test.Append("a");
        disk.IsReadOnly = true;
        Assert.Throws<StorageException>(() => test.Append("b"));
        Assert.Equal(["0=a"], test.ReadAll());
        disk.IsReadOnly = false;
        Assert.Equal(1, test.Append("b").BaseOffset);
        await test.Manager.DisposeAsync();
    }

    [Fact]
    public async Task After_a_failed_sync_nothing_is_promised_any_more_until_the_log_is_opened_again()
    {
        var disk = new CrashFileSystem();
        var test = new TestLog(files: disk);
        test.Append("a");
        await test.Log.FlushAsync(1);
        test.Append("b");
        disk.FailsToSync = true;
        await Assert.ThrowsAsync<StorageException>(async () => await test.Log.FlushAsync(2));
        Assert.Equal((1, ErrorCode.KafkaStorageError), (test.Log.DurableOffset, test.Append("c").Error));
        disk.FailsToSync = false;
        await Assert.ThrowsAsync<StorageException>(async () => await test.Log.FlushAsync(2));
        Assert.Equal(["0=a", "1=b"], test.ReadAll());

        await test.ReopenAsync();
        Assert.False(test.Manager.WasCleanShutdown);
        Assert.Equal(ErrorCode.None, test.Append("c").Error);
    }

    private static long Used(CrashFileSystem disk) => disk.UsedBytes;
}
