using StreamFlow.Streams;
using StreamFlow.Streams.Processing;

namespace StreamFlow.Sql.CodeGeneration.Runtime;

/// <summary>Computes a value from the whole record: its time, position and headers too. Absent values stay absent.</summary>
/// <param name="select">Computes the value.</param>
public sealed class RowProcessor<TKey, TValue, TOut>(RowSelector<TKey, TValue, TOut> select) : FixedKeyProcessor<TKey, TValue, TOut>
{
    /// <inheritdoc/>
    public override void Process(in Record<TKey, TValue> record)
    {
        if (record.HasValue)
        {
            Context.Forward(select(in record, Context));
        }
        else
        {
            Context.ForwardTombstone();
        }
    }
}

/// <summary>Gives each record the time one of its columns says. Records without a time are dropped.</summary>
/// <param name="time">Reads the time in ms since 1970; null or negative for none.</param>
public sealed class TimestampProcessor<TKey, TValue>(Func<TKey?, TValue?, long?> time) : FixedKeyProcessor<TKey, TValue, TValue>
{
    /// <inheritdoc/>
    public override void Process(in Record<TKey, TValue> record)
    {
        if (!record.HasValue)
        {
            Context.ForwardTombstone();
        }
        else if (time(record.Key, record.Value) is { } timestamp and >= 0)
        {
            Context.Forward(record.Value, timestamp);
        }
    }
}

/// <summary>Computes a value from a record and its position.</summary>
public delegate TOut RowSelector<TKey, TValue, TOut>(in Record<TKey, TValue> record, ITaskContext context);

/// <summary>Hands each record to the reader of a transient query.</summary>
/// <param name="emit">Takes the key, the value and whether there is one.</param>
public sealed class OutputProcessor<TKey, TValue>(Action<TKey?, TValue?, bool> emit) : FixedKeyProcessor<TKey, TValue, TValue>
{
    /// <inheritdoc/>
    public override void Process(in Record<TKey, TValue> record) => emit(record.Key, record.Value, record.HasValue);
}
