using StreamFlow.Core.Errors;
using StreamFlow.Core.IO;
using StreamFlow.Core.Records;
using StreamFlow.Testing.Storage;

namespace StreamFlow.Storage.Tests;

/// <summary>The topic setting <c>preallocate</c>, on the real disk where it shows.</summary>
public sealed class PreallocationTests : IDisposable
{
    private const int SegmentBytes = 1 << 20;

    private static readonly LogConfig Preallocated = new() { Preallocate = true, SegmentBytes = SegmentBytes, FileDeleteDelayMs = 0 };

    private readonly string _root = System.IO.Directory.CreateTempSubdirectory("streamflow-preallocation-").FullName;

    public void Dispose() => System.IO.Directory.Delete(_root, recursive: true);

    [PreallocationFact]
    public void A_reservation_takes_room_and_leaves_the_length_and_goes_back_with_the_present_length()
    {
        var path = Path.Combine(_root, "file");
        using var file = SystemFileSystem.Instance.Open(path);
        file.Write("abc"u8, 0);
        file.Reserve(SegmentBytes);
        Assert.Equal(3, file.Length);
        Assert.InRange(AllocatedBytes.Of(path), SegmentBytes, long.MaxValue);

        file.SetLength(3);
        Assert.InRange(AllocatedBytes.Of(path), 1, SegmentBytes / 2);
        var bytes = new byte[10];
        Assert.Equal(3, file.Read(bytes, 0));
        Assert.Equal("abc"u8, bytes.AsSpan(0, 3));
    }

    [PreallocationFact]
    public void A_reservation_that_the_disk_has_no_room_for_says_so()
    {
        using var file = SystemFileSystem.Instance.Open(Path.Combine(_root, "file"));
        var error = Assert.Throws<StorageException>(() => file.Reserve(SystemFileSystem.Instance.FreeBytes(_root) + (1L << 40)));
        Assert.Contains(file.Path, error.Message, StringComparison.Ordinal);
        Assert.Contains("No space left", error.Message, StringComparison.Ordinal);
        Assert.Equal(0, file.Length);
    }

    [PreallocationFact]
    public async Task The_active_segment_has_its_room_and_a_rolled_one_only_what_it_holds()
    {
        await using var test = OnDisk(Preallocated);
        Assert.InRange(Allocated(test, 0), SegmentBytes, long.MaxValue);
        test.Append("a", "b");
        test.Log.RollSegment();
        Assert.InRange(Allocated(test, 0), 1, SegmentBytes / 2);
        Assert.InRange(Allocated(test, 2), SegmentBytes, long.MaxValue);
        test.Append("c");
        Assert.Equal(["0=a", "1=b", "2=c"], test.ReadAll());
    }

    [PreallocationFact]
    public async Task A_clean_stop_gives_the_rest_back_and_appends_go_on_after_it()
    {
        var test = OnDisk(Preallocated);
        test.Append("a");
        await test.Manager.DisposeAsync();
        Assert.InRange(Allocated(test, 0), 1, SegmentBytes / 2);

        test.Open();
        test.Append("b");
        Assert.Equal(["0=a", "1=b"], test.ReadAll());
        await test.DisposeAsync();
    }

    [PreallocationFact]
    public async Task A_log_that_was_never_written_to_gives_its_room_back_when_it_is_closed()
    {
        var test = OnDisk(Preallocated);
        await test.DisposeAsync();
        Assert.InRange(Allocated(test, 0), 0, SegmentBytes / 2);
    }

    [PreallocationFact]
    public async Task What_an_unclean_stop_left_set_aside_goes_back_with_the_next_roll()
    {
        var directory = Path.Combine(_root, TestLog.Partition.ToString());
        var copy = Path.Combine(_root, "copy");
        await using (var test = OnDisk(Preallocated))
        {
            test.Append("a");
            System.IO.Directory.CreateDirectory(copy);
            File.Copy(Path.Combine(directory, LogFileName.Of("", 0, LogFileName.Log)), LogFileName.Of(copy, 0, LogFileName.Log));
        }

        System.IO.Directory.Delete(directory, recursive: true);
        System.IO.Directory.Move(copy, directory);
        using (var file = SystemFileSystem.Instance.Open(LogFileName.Of(directory, 0, LogFileName.Log)))
        {
            file.Reserve(SegmentBytes);
        }

        foreach (var marker in System.IO.Directory.GetFiles(_root, ".kafka_cleanshutdown"))
        {
            File.Delete(marker);
        }

        await using var again = OnDisk(new LogConfig());
        Assert.Empty(again.Log.Damages);
        Assert.Equal(["0=a"], again.ReadAll());
        Assert.InRange(Allocated(again, 0), SegmentBytes, long.MaxValue);
        again.Log.RollSegment();
        Assert.InRange(Allocated(again, 0), 1, SegmentBytes / 2);
    }

    [PreallocationFact]
    public async Task The_setting_holds_from_the_next_segment_on()
    {
        await using var test = OnDisk(Preallocated with { Preallocate = false });
        test.Append("a");
        test.Log.UpdateConfig(Preallocated);
        Assert.InRange(Allocated(test, 0), 1, SegmentBytes / 2);
        test.Log.RollSegment();
        Assert.InRange(Allocated(test, 1), SegmentBytes, long.MaxValue);
    }

    [PreallocationFact]
    public async Task A_compacted_segment_keeps_no_more_than_it_holds()
    {
        await using var test = OnDisk(Preallocated with { IsCompacted = true, IsDeleted = false, MinCleanableDirtyRatio = 0 });
        var large = new string('v', 100_000);
        for (var i = 0; i < 8; i++)
        {
            test.Log.Append(TestLog.Batch(new RecordBatchOptions(), test.Clock.NowMs, ("k", large + i)), leaderEpoch: 0);
        }

        test.Log.RollSegment();
        test.Clock.Advance(TimeSpan.FromSeconds(15));
        test.Manager.RunMaintenance(test.Clock.Now);
        Assert.Equal([$"7={large}7"], test.ReadAll());
        Assert.InRange(Allocated(test, 0), 100_000, SegmentBytes / 2);
    }

    [Fact]
    public async Task A_disk_without_room_for_the_next_segment_refuses_the_roll_and_leaves_the_log_as_it_was()
    {
        var disk = new CrashFileSystem();
        await using var test = new TestLog(Preallocated, disk);
        test.Append("a");
        disk.Capacity = disk.UsedBytes + (SegmentBytes / 2);
        Assert.Contains("No space left", Assert.Throws<StorageException>(test.Log.RollSegment).Message, StringComparison.Ordinal);
        Assert.Equal(1, test.Log.SegmentCount);
        Assert.Equal(1, test.Append("b").BaseOffset);

        disk.Capacity = long.MaxValue;
        test.Log.RollSegment();
        Assert.Equal(2, test.Log.SegmentCount);
        Assert.Equal(["0=a", "1=b"], test.ReadAll());
    }

    private static long Allocated(TestLog test, long baseOffset) =>
        AllocatedBytes.Of(LogFileName.Of(test.Directory, baseOffset, LogFileName.Log));

    private TestLog OnDisk(LogConfig config) => new(config, SystemFileSystem.Instance, _root);
}
