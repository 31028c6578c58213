using StreamFlow.Core.Serialization;

namespace StreamFlow.Streams.Dsl;

/// <summary>How a table is kept: the name, serdes and logging of its store.</summary>
/// <typeparam name="TKey">The key's type; for windowed tables the inner key's.</typeparam>
/// <typeparam name="TValue">The value's type.</typeparam>
public sealed record Materialized<TKey, TValue>
{
    /// <summary>The store's name, under which it can be queried; null to generate one.</summary>
    public string? StoreName { get; init; }

    /// <summary>Writes keys; null: that of the input, else the built-in serde of the type.</summary>
    public Serde<TKey>? KeySerde { get; init; }

    /// <summary>Writes values; null: that of the input if the type is the same, else the built-in serde of the type.</summary>
    public Serde<TValue>? ValueSerde { get; init; }

    /// <summary>How long rows of windows and sessions are kept; null: as long as they can change.</summary>
    public TimeSpan? Retention { get; init; }

    /// <summary>How far back a versioned table can be read and updated; null: the table keeps no history.</summary>
    public TimeSpan? HistoryRetention { get; init; }

    /// <summary>Whether only the last update of a key per commit is sent downstream. Default: every update is sent.</summary>
    public bool CoalesceUpdates { get; init; }

    /// <summary>Whether changes go to a changelog topic, from which the store is restored. Default: yes.</summary>
    public bool IsLogged { get; init; } = true;

    /// <summary>Topic settings of the changelog which go over the library's.</summary>
    public IReadOnlyDictionary<string, string>? ChangelogConfig { get; init; }

    /// <summary>Names the store.</summary>
    public static Materialized<TKey, TValue> As(string storeName) => new() { StoreName = storeName };

    /// <summary>Keeps the table with these serdes.</summary>
    public static Materialized<TKey, TValue> With(Serde<TKey>? keySerde, Serde<TValue>? valueSerde) =>
        new() { KeySerde = keySerde, ValueSerde = valueSerde };

    /// <summary>These settings and another key serde.</summary>
    public Materialized<TKey, TValue> WithKeySerde(Serde<TKey>? serde) => this with { KeySerde = serde };

    /// <summary>These settings and another value serde.</summary>
    public Materialized<TKey, TValue> WithValueSerde(Serde<TValue>? serde) => this with { ValueSerde = serde };

    /// <summary>These settings and a retention of windows or sessions.</summary>
    public Materialized<TKey, TValue> WithRetention(TimeSpan retention) => this with { Retention = retention };

    /// <summary>These settings and a history: the table becomes a versioned one.</summary>
    public Materialized<TKey, TValue> WithHistoryRetention(TimeSpan retention) => this with { HistoryRetention = retention };

    /// <summary>These settings; only the last update of a key per commit is sent downstream.</summary>
    public Materialized<TKey, TValue> WithCoalescedUpdates() => this with { CoalesceUpdates = true };

    /// <summary>These settings without a changelog: the state is lost with the task.</summary>
    public Materialized<TKey, TValue> WithLoggingDisabled() => this with { IsLogged = false };
}
