using StreamFlow.Core.Errors;
using StreamFlow.Sql.Ast;
using StreamFlow.Sql.Diagnostics;
using StreamFlow.Sql.Execution.Printing;

namespace StreamFlow.Sql.Execution;

/// <content>PRINT.</content>
public sealed partial class SqlEngine
{
    private async ValueTask<SqlResult> PrintAsync(StatementCall call, PrintTopic statement, CancellationToken cancellationToken)
    {
        if (await runtime.FindTopicAsync(statement.Topic, cancellationToken).ConfigureAwait(false) is null)
        {
            var topics = await runtime.ListTopicsAsync(cancellationToken).ConfigureAwait(false);
            throw new SqlException(
                SqlErrors.BadTopic, statement.Span, $"There is no topic {statement.Topic}.",
                    NearestName.Hint(statement.Topic, topics.Select(t => t.Name)) ?? "SHOW TOPICS lists them; their case counts");
        }

        if (statement.Interval is <= 0 || statement.Limit is < 0)
        {
            throw new SqlException(SqlErrors.BadLiteral, statement.Span, "INTERVAL must be at least 1, LIMIT not negative.");
        }

        return new SqlPrint(call.Sql, statement.Topic, PrintRecordsAsync(statement, CancellationToken.None));
    }

    private async IAsyncEnumerable<PrintedRecord> PrintRecordsAsync(
        PrintTopic statement, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        if (statement.Limit == 0)
        {
            yield break;
        }

        var (keys, values) = (new FormatGuess(), new FormatGuess());
        var (seen, printed) = (0L, 0L);
        var records = runtime.ReadAsync(statement.Topic, statement.FromBeginning, untilEnd: false, cancellationToken);
        await foreach (var record in records.ConfigureAwait(false))
        {
            var (key, value) = (keys.Print(record.Key), values.Print(record.Value));
            if (seen++ % (statement.Interval ?? 1) != 0)
            {
                continue;
            }

            yield return new PrintedRecord(record.Timestamp, key, value, record.Partition, record.Offset, keys.Name, values.Name);
            if (++printed == statement.Limit)
            {
                yield break;
            }
        }
    }
}
