namespace StreamFlow.Storage;

/// <summary>Bytes of a log that a scan found unsound.</summary>
/// <param name="File">The file.</param>
/// <param name="Position">Byte position at which the unsound bytes begin.</param>
/// <param name="Length">How many they are.</param>
/// <param name="Offset">The offset that was expected there.</param>
/// <param name="Reason">What is wrong.</param>
/// <param name="WasCut">
/// True: a torn tail, which was cut off. False: damage with sound batches behind it; it stays in the file, is never served, and what lies
/// behind it is.
/// </param>
public readonly record struct LogDamage(string File, long Position, long Length, long Offset, string Reason, bool WasCut);
