using StreamFlow.Protocol;

namespace StreamFlow.Client.Transport;

/// <summary>An answer and the memory that it lies in.</summary>
/// <typeparam name="TResponse">The answer's type.</typeparam>
/// <param name="Message">The answer.</param>
/// <param name="Buffer">Owner of the answer and of the record bytes inside of it, to be released by the receiver when it has read both;
/// records alone may be kept by retaining it. Null when nothing is borrowed.</param>
public readonly record struct Reply<TResponse>(TResponse Message, SharedBuffer? Buffer)
    where TResponse : class, IResponse;
