namespace StreamFlow.Sql.Execution.Commands;

/// <summary>Where the statements that make a catalog are kept, in the order in which they were executed. One caller at a time.</summary>
public interface ICommandLog : IAsyncDisposable
{
    /// <summary>What it is, for messages: a topic's name.</summary>
    string Name { get; }

    /// <summary>The commands behind those that were read before, up to the end the log has now.</summary>
    IAsyncEnumerable<LoggedCommand> ReadNewAsync(CancellationToken cancellationToken);

    /// <summary>Adds a command; it is durable when this ends.</summary>
    ValueTask AppendAsync(byte[] command, CancellationToken cancellationToken);
}

/// <summary>A command as it stands in the log.</summary>
/// <param name="Offset">Its place.</param>
/// <param name="Bytes">Its bytes; null for a record without a value.</param>
public sealed record LoggedCommand(long Offset, byte[]? Bytes);
