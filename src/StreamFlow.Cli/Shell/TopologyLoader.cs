using System.Reflection;
using System.Runtime.Loader;
using StreamFlow.Streams.Dsl;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Cli.Shell;

/// <summary>
/// Finds the topology in a user's assembly: a public static method without parameters that returns a <see cref="Topology"/>, or
/// that takes a <see cref="StreamsBuilder"/>, of the type that is named or of the only type that has one.
/// </summary>
internal static class TopologyLoader
{
    /// <summary>Loads <c>FILE.dll[:TYPE]</c>.</summary>
    /// <exception cref="UsageException">There is no such file, type or method, or more than one.</exception>
    public static Topology Load(string place)
    {
        var at = place.LastIndexOf(".dll:", StringComparison.OrdinalIgnoreCase);
        var (file, typeName) = at < 0 ? (place, null) : (place[..(at + 4)], place[(at + 5)..]);
        var path = Path.GetFullPath(file);
        if (!File.Exists(path))
        {
            throw new UsageException($"{file}: there is no such file; build the project and name its DLL");
        }

        var candidates = Candidates(LoadAssembly(path)).Where(m => typeName is null || m.DeclaringType!.FullName == typeName
            || m.DeclaringType.Name == typeName).ToArray();
        return candidates switch
        {
            [] => throw new UsageException(
                $"{place}: found no public static method that returns a Topology or takes a StreamsBuilder"),
            [var only] => Invoke(only),
            _ => throw new UsageException(
                $"{place}: several types make a topology, name one of them as {file}:TYPE: "
                + string.Join(", ", candidates.Select(m => m.DeclaringType!.FullName).Distinct())),
        };
    }

    /// <summary>Loads each assembly into a context of its own beside this program's: there may be two versions of one.</summary>
    private static Assembly LoadAssembly(string path)
    {
        var resolver = new AssemblyDependencyResolver(path);
        var own = new AssemblyLoadContext(path);
        own.Resolving += (context, name) => resolver.ResolveAssemblyToPath(name) is { } found ? context.LoadFromAssemblyPath(found) : null;
        return own.LoadFromAssemblyPath(path);
    }

    private static IEnumerable<MethodInfo> Candidates(Assembly assembly) =>
        from type in assembly.GetExportedTypes()
        from method in type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.DeclaredOnly)
        let parameters = method.GetParameters()
        where (method.ReturnType == typeof(Topology) && parameters.Length == 0)
            || (parameters.Length == 1 && parameters[0].ParameterType == typeof(StreamsBuilder))
        select method;

    private static Topology Invoke(MethodInfo method)
    {
        if (method.GetParameters().Length == 0)
        {
            return (Topology)method.Invoke(null, null)!;
        }

        var builder = new StreamsBuilder();
        return method.Invoke(null, [builder]) as Topology ?? builder.Build();
    }
}
