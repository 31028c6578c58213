using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using StreamFlow.Core.Errors;

namespace StreamFlow.RocksDb;

/// <summary>
/// Finds the native library, once per process, when the first RocksDB object is made. Looked for in this order: the path given to
/// <see cref="Load"/>; the path in the environment variable <c>STREAMFLOW_ROCKSDB</c>; <c>rocksdb</c> by the platform's rules (beside the
/// program too); <c>librocksdb.so</c>; the versioned names of Linux distributions. Any RocksDB from 7.8 on serves.
/// </summary>
public static class RocksDbLibrary
{
    /// <summary>The environment variable that names a library file.</summary>
    public const string PathVariable = "STREAMFLOW_ROCKSDB";

    private static readonly Lock Gate = new();
    private static nint s_handle;

    /// <summary>Where the library was found (the name or path that worked); null before the first use.</summary>
    public static string? LoadedFrom { get; private set; }

    internal static nint Handle
    {
        get
        {
            Load();
            return s_handle;
        }
    }

    /// <summary>Loads the library now, so that a missing one is reported at start and not at the first store.</summary>
    /// <param name="path">A library file to use before all others; null for the usual search.</param>
    /// <exception cref="MissingNativeLibraryException">None was found; the message says what to install.</exception>
    public static void Load(string? path = null)
    {
        lock (Gate)
        {
            if (s_handle == 0)
            {
                (s_handle, LoadedFrom) = Find(path ?? Environment.GetEnvironmentVariable(PathVariable), Names());
            }
        }
    }

    /// <summary>True when the library can be loaded; never throws.</summary>
    public static bool IsAvailable([NotNullWhen(false)] out string? reason)
    {
        try
        {
            Load();
            reason = null;
            return true;
        }
        catch (MissingNativeLibraryException missing)
        {
            reason = missing.Message;
            return false;
        }
    }

    internal static (nint Handle, string Name) Find(string? explicitPath, IEnumerable<string> names)
    {
        if (!string.IsNullOrEmpty(explicitPath))
        {
            // A path that was asked for and does not load is an error: falling back would hide the mistake.
            return NativeLibrary.TryLoad(explicitPath, out var given)
                ? (given, explicitPath)
                : throw Missing([explicitPath]);
        }

        var tried = new List<string>();
        foreach (var name in names)
        {
            if (NativeLibrary.TryLoad(name, typeof(RocksDbLibrary).Assembly, null, out var handle))
            {
                return (handle, name);
            }

            tried.Add(name);
        }

        throw Missing(tried);
    }

    private static MissingNativeLibraryException Missing(List<string> tried) => new(
        "RocksDB",
        tried.Count <= 3 ? tried : [.. tried.Take(3), $"and {tried.Count - 3} newer names"],
        $"apt-get install librocksdb7.8 (or set {PathVariable} to the library file of a RocksDB 7.8 or newer)");

    private static IEnumerable<string> Names()
    {
        yield return "rocksdb";
        yield return "librocksdb.so";
        yield return "librocksdb.so.7.8";
        for (var minor = 9; minor <= 10; minor++)
        {
            yield return $"librocksdb.so.7.{minor}";
        }

        for (var major = 8; major <= 11; major++)
        {
            yield return $"librocksdb.so.{major}";
            for (var minor = 0; minor <= 11; minor++)
            {
                yield return $"librocksdb.so.{major}.{minor}";
            }
        }
    }
}
