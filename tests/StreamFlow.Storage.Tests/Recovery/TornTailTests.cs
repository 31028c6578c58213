using StreamFlow.Core.Errors;
using StreamFlow.Core.Records;
using StreamFlow.Testing.Storage;

namespace StreamFlow.Storage.Tests.Recovery;

public sealed class TornTailTests
{
    private static string LogFile => Path.Combine(TestLog.Root, TestLog.Partition.ToString(), "00000000000000000000.log");

    [Fact]
    public void A_log_cut_at_any_byte_of_its_last_batch_loses_that_batch_alone()
    {
        var size = TestLog.Batch(new RecordBatchOptions(), 1, ("last", "last")).Length;
        for (var kept = 0; kept < size; kept++)
        {
            var (test, disk) = Filled();
            Stop(disk, f => f.SetLength(f.Length - size + kept));
            test.Open();
            Assert.Equal(["0=a", "1=b", "2=c"], test.ReadAll());
            Assert.Equal(3, test.Append("again").BaseOffset);
            Assert.True(kept == 0 ? test.Log.Damages.Count == 0 : test.Log.Damages is [{ WasCut: true, Offset: 3 }], $"kept {kept}");
        }
    }

    [Fact]
    public void A_bit_flipped_anywhere_in_the_last_batch_cuts_that_batch_alone()
    {
        var size = TestLog.Batch(new RecordBatchOptions(), 1, ("last", "last")).Length;
        for (var at = 0; at < size; at++)
        {
            if (at is >= RecordBatch.LeaderEpochPosition and < RecordBatch.MagicPosition)
            {
                continue; // the leader epoch lies outside the checksum, and any value is a possible one
            }

            for (var bit = 0; bit < 8; bit += 3)
            {
                var (test, disk) = Filled();
                var position = size;
                Stop(disk, f => position = (int)(f.Length - size) + at);
                disk.Damage(LogFile, position, b => b[0] ^= (byte)(1 << bit));
                test.Open();
                Assert.True(test.ReadAll() is ["0=a", "1=b", "2=c"], $"byte {at}, bit {bit}: {string.Join(' ', test.ReadAll())}");
                Assert.Equal("again", test.Append("again").Error == ErrorCode.None ? "again" : "refused");
            }
        }
    }

    [Fact]
    public void Damage_in_the_middle_is_reported_with_its_place_and_never_served()
    {
        var (test, disk) = Filled();
        var size = TestLog.Batch(new RecordBatchOptions(), 1, ("b", "b")).Length;
        Stop(disk, _ => { });
        disk.Damage(LogFile, size + 65, b => b[0] ^= 1);
        test.Open();

        var damage = Assert.Single(test.Log.Damages);
        Assert.Equal((LogFile, size, size, 1, false), (damage.File, damage.Position, damage.Length, damage.Offset, damage.WasCut));
        Assert.Equal(4, test.Log.LogEndOffset);
        Assert.Equal(size, test.Log.Read(0, 1 << 20).Length);
        var e = Assert.Throws<CorruptLogException>(() => test.Log.Read(1, 1 << 20));
        Assert.Equal((LogFile, (long)size), (e.File, e.Position));
        Assert.Equal(["2=c", "3=last"], test.ReadAll(from: 2));
        Assert.Equal(4, test.Append("more").BaseOffset);
    }

    [Fact]
    public void A_damaged_length_in_the_middle_hides_that_batch_alone()
    {
        var (test, disk) = Filled();
        var size = TestLog.Batch(new RecordBatchOptions(), 1, ("b", "b")).Length;
        Stop(disk, _ => { });
        disk.Damage(LogFile, size + RecordBatch.LengthPosition, b => b[0] ^= 0x7f, count: 4);
        test.Open();
        Assert.Single(test.Log.Damages);
        Assert.Throws<CorruptLogException>(() => test.Log.Read(1, 1 << 20));
        Assert.Equal(["2=c", "3=last"], test.ReadAll(from: 2));
    }

    [Fact]
    public async Task Damage_that_comes_after_a_clean_stop_is_found_by_the_first_read()
    {
        var disk = new CrashFileSystem();
        var test = new TestLog(files: disk);
        test.Append("a");
        test.Append("b");
        test.Append("c");
        await test.Manager.DisposeAsync();
        var size = TestLog.Batch(new RecordBatchOptions(), 1, ("b", "b")).Length;
        disk.Damage(LogFile, size + 65, b => b[0] ^= 1);
        test.Open();
        Assert.True(test.Manager.WasCleanShutdown);
        Assert.Equal(size, test.Log.Read(0, 1 << 20).Length);
        Assert.Throws<CorruptLogException>(() => test.Log.Read(1, 1 << 20));
        Assert.Equal(["2=c"], test.ReadAll(from: 2));
    }

    private static (TestLog Test, CrashFileSystem Disk) Filled()
    {
        var disk = new CrashFileSystem();
        var test = new TestLog(files: disk);
        foreach (var value in new[] { "a", "b", "c", "last" })
        {
            test.Append(value);
        }

        return (test, disk);
    }

    /// <summary>Stops the machine with everything on the disk, as kill -9 does, and then changes the log.</summary>
    private static void Stop(CrashFileSystem disk, Action<Core.IO.IFileHandle> change)
    {
        disk.SyncDirectory(Path.GetDirectoryName(LogFile)!);
        using (var file = disk.Open(LogFile))
        {
            change(file);
            file.Sync();
        }

        disk.Crash(new Random(0), CrashMode.LoseUnsynced);
    }
}
