namespace StreamFlow.Sql.CodeGeneration.Runtime.Reading;

/// <summary>Reads the stores of a running topology.</summary>
public interface IStoreQueries
{
    /// <summary>Reads the local part of a store: once per task that has it, between two batches, on the thread of the
    /// task.</summary>
    /// <typeparam name="TStore">The store's interface.</typeparam>
    /// <typeparam name="TResult">What is read.</typeparam>
    /// <param name="store">The store's name.</param>
    /// <param name="read">Reads one task's part; quick, and does not keep the store.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>One result per task that has the store.</returns>
    Task<IReadOnlyList<TResult>> QueryAsync<TStore, TResult>(
        string store, Func<TStore, TResult> read, CancellationToken cancellationToken)
        where TStore : class;
}
