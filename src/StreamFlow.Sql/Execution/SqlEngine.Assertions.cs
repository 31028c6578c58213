using StreamFlow.Sql.Ast;
using StreamFlow.Sql.Catalog;
using StreamFlow.Sql.Diagnostics;

namespace StreamFlow.Sql.Execution;

/// <content>ASSERT TOPIC and ASSERT SCHEMA, which wait for what they assert.</content>
public sealed partial class SqlEngine
{
    private static readonly TimeSpan DefaultAssertTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan AssertInterval = TimeSpan.FromMilliseconds(50);

    private async ValueTask<SqlResult> AssertTopicAsync(StatementCall call, AssertTopic statement, CancellationToken cancellationToken)
    {
        var properties = statement.Properties.ToDictionary(p => p.Name, p => p, StringComparer.OrdinalIgnoreCase);
        var failure = await WaitAsync(statement.Timeout, async () =>
        {
            var topic = await runtime.FindTopicAsync(statement.Topic, cancellationToken).ConfigureAwait(false);
            return statement.Exists
                ? topic is null ? $"There is no topic {statement.Topic}." : Difference(topic, properties)
                : topic is null ? null : $"There is a topic {statement.Topic}.";
        }, cancellationToken).ConfigureAwait(false);
        return failure is null
            ? call.Unchanged($"Topic {statement.Topic} {(statement.Exists ? "exists" : "does not exist")}.")
            : throw new SqlException(SqlErrors.AssertionFailed, statement.Span, failure);
    }

    private async ValueTask<SqlResult> AssertSchemaAsync(StatementCall call, AssertSchema statement, CancellationToken cancellationToken)
    {
        var registry = _options.Registry
            ?? throw new SqlException(SqlErrors.AssertionFailed, statement.Span, "No schema registry is configured.");
        var what = $"schema{(statement.Subject is { } s ? $" of {s}" : "")}{(statement.Id is { } n ? $" with id {n}" : "")}";
        var failure = await WaitAsync(statement.Timeout, () =>
        {
            var latest = statement.Subject is { } subject ? registry.Latest(subject) : null;
            var exists = (statement.Subject is null || latest is not null)
                && (statement.Id is not { } id || (latest is null ? registry.ById(id) is not null : latest.Id == id));
            return ValueTask.FromResult(exists == statement.Exists ? null : $"There is {(exists ? "a" : "no")} {what}.");
        }, cancellationToken).ConfigureAwait(false);
        return failure is null
            ? call.Unchanged($"There is {(statement.Exists ? "a" : "no")} {what}.")
            : throw new SqlException(SqlErrors.AssertionFailed, statement.Span, failure);
    }

    private static string? Difference(SqlTopic topic, Dictionary<string, PropertyNode> properties)
    {
        foreach (var property in properties.Values)
        {
            int? actual = property.Name.ToUpperInvariant() switch
            {
                "PARTITIONS" => topic.Partitions,
                "REPLICAS" => topic.Replicas,
                _ => null,
            };
            if (actual is null)
            {
                return $"ASSERT TOPIC does not compare {property.Name}.";
            }

            if (new WithProperties([property], property.Span).Number(property.Name) is { } expected && expected != actual)
            {
                return $"The topic {topic.Name} has {property.Name}={actual}, not {expected}.";
            }
        }

        return null;
    }

    /// <summary>Asks until there is no failure or the time is over; gives the last failure.</summary>
    private async ValueTask<string?> WaitAsync(
        DurationNode? timeout, Func<ValueTask<string?>> failure, CancellationToken cancellationToken)
    {
        var limit = timeout is null ? DefaultAssertTimeout : TimeSpan.FromMilliseconds(timeout.Milliseconds);
        var start = _options.Time.GetTimestamp();
        while (true)
        {
            var current = await failure().ConfigureAwait(false);
            if (current is null || _options.Time.GetElapsedTime(start) >= limit)
            {
                return current;
            }

            await Task.Delay(AssertInterval, _options.Time, cancellationToken).ConfigureAwait(false);
        }
    }
}
