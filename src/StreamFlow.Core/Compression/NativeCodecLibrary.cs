using System.Reflection;
using System.Runtime.InteropServices;
using StreamFlow.Core.Errors;

namespace StreamFlow.Core.Compression;

/// <summary>
/// Finds the codecs' shared libraries, whose names differ between distributions and development packages, and says what to install
/// when there is none. Registered once for the assembly; names it does not know go to the runtime's own search.
/// </summary>
internal static class NativeCodecLibrary
{
    public const string Lz4 = "streamflow-lz4";
    public const string Zstd = "streamflow-zstd";
    public const string Snappy = "streamflow-snappy";

    static NativeCodecLibrary() => NativeLibrary.SetDllImportResolver(typeof(NativeCodecLibrary).Assembly, Resolve);

    /// <summary>Makes sure the resolver is registered; called by the static constructor of every binding.</summary>
    public static void Register()
    {
    }

    /// <summary>Whether snappy's library is there; without it a managed one does the work.</summary>
    public static bool IsSnappyInstalled { get; } = TryLoad(Candidates("snappy", 1)) != 0;

    /// <summary>Loads the first of the candidates that is there.</summary>
    /// <exception cref="MissingNativeLibraryException">None is there.</exception>
    public static nint Load(string library, string[] candidates, string package)
    {
        var handle = TryLoad(candidates);
        return handle != 0 ? handle : throw new MissingNativeLibraryException(library, candidates, $"apt-get install {package}");
    }

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath) => name switch
    {
        Lz4 => Load("lz4", Candidates("lz4", 1), "liblz4-1"),
        Zstd => Load("zstd", Candidates("zstd", 1), "libzstd1"),
        Snappy => Load("snappy", Candidates("snappy", 1), "libsnappy1v5"),
        _ => 0,
    };

    private static nint TryLoad(string[] candidates)
    {
        foreach (var candidate in candidates)
        {
            if (NativeLibrary.TryLoad(candidate, out var handle))
            {
                return handle;
            }
        }

        return 0;
    }

    private static string[] Candidates(string name, int version) =>
        [$"lib{name}.so.{version}", $"lib{name}.so", $"lib{name}.{version}.dylib", $"lib{name}.dylib", $"lib{name}.dll"];
}
