namespace StreamFlow.Broker.Sharing;

/// <summary>How many records a member wants.</summary>
/// <param name="MaxRecords">At most so many; whole batches may go beyond it unless <paramref name="IsExact"/> (KIP-1206).</param>
/// <param name="BatchSize">Stretches of new records end at the batch that makes them this long; 0 for no such wish.</param>
/// <param name="IsExact">Whether batches are cut to keep to the number.</param>
internal readonly record struct AcquireOrder(int MaxRecords, int BatchSize = 0, bool IsExact = false);
