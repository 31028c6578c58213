using System.Collections.Concurrent;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Serialization;
using StreamFlow.Sql.Rows;

namespace StreamFlow.Sql.Formats.Registry;

/// <summary>Parsed schemas of one serde, by id and by the topic it writes to; the registry is asked once for each.</summary>
internal sealed class RegisteredSchemas<TSchema>(ISchemaRegistry registry, Func<SchemaText, TSchema> parse)
    where TSchema : class
{
    private readonly ConcurrentDictionary<int, TSchema> _byId = new();
    private readonly ConcurrentDictionary<string, (int Id, TSchema Schema)> _byTopic = new(StringComparer.Ordinal);

    /// <exception cref="SerializationException">The registry has no such id.</exception>
    public TSchema ById(int id)
    {
        if (_byId.TryGetValue(id, out var known))
        {
            return known;
        }

        var registered = registry.ById(id) ?? throw new SerializationException($"The schema registry has no schema {id}.");
        return _byId.GetOrAdd(id, parse(registered.Schema));
    }

    /// <summary>
    /// The schema to write a row type with: the one the format names, else the latest of the subject. Topics that nobody declared
    /// (repartition topics and changelogs) get a schema made from the row type.
    /// </summary>
    public (int Id, TSchema Schema) ForWriting<TRow>(FormatSpec spec, in SerdeContext context)
        where TRow : struct, IRow<TRow>
    {
        if (spec.SchemaId is { } id)
        {
            return (id, ById(id));
        }

        if (_byTopic.TryGetValue(context.Topic, out var known))
        {
            return known;
        }

        var isKey = context.Target == SerdeTarget.Key;
        var subject = RegistrySchemas.Subject(context.Topic, isKey);
        var latest = registry.Latest(subject)?.Id
            ?? registry.Register(subject, RegistrySchemas.Generate(spec, TRow.Schema, context.Topic, isKey));
        return _byTopic.GetOrAdd(context.Topic, (latest, ById(latest)));
    }
}
