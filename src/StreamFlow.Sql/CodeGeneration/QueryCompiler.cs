using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using StreamFlow.Sql.Ast;
using StreamFlow.Sql.CodeGeneration.Runtime;
using StreamFlow.Sql.CodeGeneration.Runtime.Reading;
using StreamFlow.Sql.Diagnostics;
using StreamFlow.Streams.Topologies;

namespace StreamFlow.Sql.CodeGeneration;

/// <summary>
/// Compiles generated queries in memory. Each goes into an assembly of its own (<see cref="QueryAssemblies"/>); the same code is
/// compiled once.
/// </summary>
internal static class QueryCompiler
{
    private static readonly Lazy<IReadOnlyList<MetadataReference>> References = new(LoadReferences);
    private static readonly ConcurrentDictionary<string, WeakReference<Assembly>> Compiled = new(StringComparer.Ordinal);
    private static readonly CSharpCompilationOptions Options = new(
        OutputKind.DynamicallyLinkedLibrary,
        optimizationLevel: OptimizationLevel.Release,
        nullableContextOptions: NullableContextOptions.Annotations,
        concurrentBuild: false);

    /// <summary>Compiles a query and builds its topology.</summary>
    /// <returns>The topology, and what reads its result; null when that is no table in a store.</returns>
    /// <exception cref="SqlException">The code does not compile, which is a defect of the generator.</exception>
    public static (Topology Topology, TableReader? Reader) Build(GeneratedQuery query, SqlQueryContext context)
    {
        var assembly = Compile(query);
        var type = assembly.GetType(query.ClassName, throwOnError: true)!;
        var instance = Activator.CreateInstance(type, context);
        var build = type.GetMethod("Build")!.CreateDelegate<Func<Topology>>(instance);
        return (build(), type.GetMethod("Reader")?.CreateDelegate<Func<TableReader>>(instance)());
    }

    /// <summary>Compiles a pull query.</summary>
    /// <returns>Makes instances of it, one for each thread that reads.</returns>
    public static Func<PullQuery> BuildPull(GeneratedQuery query, SqlQueryContext context)
    {
        var type = Compile(query).GetType(query.ClassName, throwOnError: true)!;
        return () => (PullQuery)Activator.CreateInstance(type, context)!;
    }

    /// <summary>Compiles an INSERT and makes its record.</summary>
    public static (byte[]? Key, byte[]? Value, long? Time) MakeRecord(
        GeneratedQuery insert, IReadOnlyList<object> literals, SqlQueryContext context, string topic)
    {
        var type = Compile(insert).GetType(insert.ClassName, throwOnError: true)!;
        var make = type.GetMethod("Make")!.CreateDelegate<Func<string, IReadOnlyList<object>, (byte[]?, byte[]?, long?)>>(
            Activator.CreateInstance(type, context));
        try
        {
            return make(topic, literals);
        }
        catch (Exception e) when (e is not SqlException)
        {
            throw new SqlException(
                [new SqlDiagnostic(SqlErrors.BadLiteral, $"The values cannot be written: {e.Message}", SourceSpan.None)], e);
        }
    }

    private static Assembly Compile(GeneratedQuery query)
    {
        if (Compiled.TryGetValue(query.Code, out var reference) && reference.TryGetTarget(out var known))
        {
            return known;
        }

        var tree = CSharpSyntaxTree.ParseText(query.Code, new CSharpParseOptions(LanguageVersion.Latest));
        var compilation = CSharpCompilation.Create($"StreamFlow.Sql.Generated.{Guid.NewGuid():N}", [tree], References.Value, Options);
        using var image = new MemoryStream();
        var result = compilation.Emit(image);
        if (!result.Success)
        {
            var errors = result.Diagnostics.Where(d => d.Severity == DiagnosticSeverity.Error).Take(5);
            throw new SqlException(
                SqlErrors.CodeGeneration,
                SourceSpan.None,
                $"The generated code does not compile: {string.Join(" | ", errors)}",
                "this is a defect of StreamFlow; EXPLAIN CODE shows the code");
        }

        image.Position = 0;
        var assembly = QueryAssemblies.Load(query.ClassName, image);
        Compiled[query.Code] = new WeakReference<Assembly>(assembly);
        return assembly;
    }

    private static List<MetadataReference> LoadReferences()
    {
        var trusted = (string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!;
        return
        [
            .. trusted.Split(Path.PathSeparator)
                .Where(path => IsNeeded(Path.GetFileNameWithoutExtension(path)))
                .Select(path => MetadataReference.CreateFromFile(path)),
        ];
    }

    private static bool IsNeeded(string assembly) =>
        assembly.StartsWith("StreamFlow.", StringComparison.Ordinal) || assembly.StartsWith("System.", StringComparison.Ordinal);
}
