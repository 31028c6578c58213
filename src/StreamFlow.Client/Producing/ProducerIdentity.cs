namespace StreamFlow.Client.Producing;

/// <summary>What a broker knows an idempotent producer by.</summary>
/// <param name="Id">The producer id.</param>
/// <param name="Epoch">Its epoch.</param>
/// <param name="Generation">Counts the identities; sequences begin at 0 with each.</param>
internal sealed record ProducerIdentity(long Id, short Epoch, int Generation);
