using StreamFlow.Core.Errors;

namespace StreamFlow.RocksDb.Tests;

public sealed class RocksDbLibraryTests
{
    [Fact]
    public void Library_is_found_on_this_machine()
    {
        Assert.True(RocksDbLibrary.IsAvailable(out var reason), reason);
        Assert.NotNull(RocksDbLibrary.LoadedFrom);
    }

    [Fact]
    public void Missing_library_says_what_to_install()
    {
        var error = Assert.Throws<MissingNativeLibraryException>(() => RocksDbLibrary.Find(null, ["no-such-library-1", "no-such-library-2"]));
        Assert.Contains("apt-get install librocksdb7.8", error.Message, StringComparison.Ordinal);
        Assert.Contains(RocksDbLibrary.PathVariable, error.Message, StringComparison.Ordinal);
        Assert.Contains("no-such-library-1", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Explicit_path_that_does_not_load_is_an_error_without_falling_back()
    {
        var error = Assert.Throws<MissingNativeLibraryException>(() => RocksDbLibrary.Find("/nowhere/librocksdb.so", ["librocksdb.so.7.8"]));
        Assert.Contains("/nowhere/librocksdb.so", error.Message, StringComparison.Ordinal);
    }
}
