using StreamFlow.Protocol;

namespace StreamFlow.Client.Transport;

/// <summary>An answer and the memory that its record batches lie in.</summary>
/// <typeparam name="TResponse">The answer's type.</typeparam>
/// <param name="Message">The answer.</param>
/// <param name="Buffer">Owner of the record bytes inside the answer, to be released by the receiver; null when nothing in it is
/// borrowed.</param>
public readonly record struct Reply<TResponse>(TResponse Message, SharedBuffer? Buffer)
    where TResponse : class, IResponse;
