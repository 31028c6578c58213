using StreamFlow.Sql.Catalog;

namespace StreamFlow.Sql.Execution;

/// <summary>A query that runs until it is terminated and writes to a stream or table.</summary>
/// <param name="Id">Its id: <c>CSAS_S_0</c>.</param>
/// <param name="Sql">The statement that started it.</param>
/// <param name="Sources">What it reads.</param>
/// <param name="Sink">What it writes.</param>
/// <param name="Code">The generated C#.</param>
/// <param name="Topology">What runs.</param>
/// <param name="Running">The running topology.</param>
public sealed record PersistentQuery(
    string Id, string Sql, IReadOnlyList<string> Sources, DataSource Sink, string Code, SqlTopology Topology, IRunningTopology Running)
{
    /// <summary>Whether PAUSE holds it.</summary>
    public bool IsPaused { get; init; }
}
