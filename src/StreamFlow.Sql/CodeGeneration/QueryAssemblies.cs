using System.Reflection;
using System.Runtime.Loader;

namespace StreamFlow.Sql.CodeGeneration;

/// <summary>
/// Loads compiled queries. They stay until the process ends, unless the program says that none of its threads does before: when a thread
/// ends that used a thread static of an unloaded assembly, the runtime frees objects of other assemblies (docs/decisions/0030).
/// </summary>
internal static class QueryAssemblies
{
    /// <summary>
    /// The switch in a program's runtime configuration that lets assemblies go with their queries. It belongs together with
    /// <c>System.Threading.ThreadPool.ThreadsToKeepAlive</c> = -1, and with no thread of the program's own that runs queries and ends.
    /// </summary>
    public const string UnloadSwitch = "StreamFlow.Sql.UnloadQueries";

    private static readonly bool Unloads = AppContext.TryGetSwitch(UnloadSwitch, out var isOn) && isOn;
    private static readonly AssemblyLoadContext Kept = new("StreamFlow.Sql.Generated");

    /// <summary>Loads an assembly. One that can be unloaded is when nothing uses it any more.</summary>
    public static Assembly Load(string name, Stream image) =>
        (Unloads ? new AssemblyLoadContext(name, isCollectible: true) : Kept).LoadFromStream(image);
}
