using StreamFlow.Sql.Catalog;
using StreamFlow.Sql.CodeGeneration.Runtime.Reading;
using StreamFlow.Sql.Planning;

namespace StreamFlow.Sql.Execution;

/// <summary>A query that runs until it is terminated and writes to a stream or table.</summary>
/// <param name="Id">Its id: <c>CSAS_S_0</c>.</param>
/// <param name="Sql">The statement that started it.</param>
/// <param name="Sources">What it reads.</param>
/// <param name="Sink">What it writes; null for the query that materialises a SOURCE table.</param>
/// <param name="Code">The generated C#.</param>
/// <param name="Running">The running topology.</param>
public sealed record PersistentQuery(
    string Id, string Sql, IReadOnlyList<string> Sources, DataSource? Sink, string Code, IRunningTopology Running)
{
    /// <summary>Whether PAUSE holds it.</summary>
    public bool IsPaused { get; init; }

    internal QueryStart Start { get; init; } = null!;

    /// <summary>What CREATE OR REPLACE compares its query with.</summary>
    internal QueryPlan Plan { get; init; } = null!;

    /// <summary>Reads the table it makes; null when it makes a stream.</summary>
    public TableReader? Reader { get; init; }
}
