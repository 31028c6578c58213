namespace StreamFlow.Sql.Formats;

/// <summary>
/// Where the schemas of AVRO, PROTOBUF and JSON_SR topics are kept; subjects are <c>TOPIC-key</c> and <c>TOPIC-value</c>.
/// </summary>
/// <remarks>Implementations are used by many threads.</remarks>
public interface ISchemaRegistry
{
    /// <summary>Subjects that have a schema.</summary>
    IReadOnlyCollection<string> Subjects { get; }

    /// <summary>Registers a schema, unless the subject's versions already have an equal one.</summary>
    /// <param name="subject">The subject.</param>
    /// <param name="schema">Kind and text.</param>
    /// <returns>The schema's id, the same for equal schemas.</returns>
    int Register(string subject, SchemaText schema);

    /// <summary>The latest schema of a subject; null when it has none.</summary>
    /// <param name="subject">The subject.</param>
    RegisteredSchema? Latest(string subject);

    /// <summary>The schema of an id; null when there is none.</summary>
    /// <param name="id">The id.</param>
    RegisteredSchema? ById(int id);

    /// <summary>Forgets a subject; its ids stay readable.</summary>
    /// <param name="subject">The subject.</param>
    void Delete(string subject);
}

/// <summary>The kinds of schemas a registry keeps.</summary>
public enum SchemaKind
{
    /// <summary>Avro schema, JSON text.</summary>
    Avro,

    /// <summary>Protobuf definition, proto text.</summary>
    Protobuf,

    /// <summary>JSON Schema.</summary>
    Json,
}

/// <summary>A schema as text.</summary>
/// <param name="Kind">Its kind.</param>
/// <param name="Text">Its text.</param>
public sealed record SchemaText(SchemaKind Kind, string Text)
{
    /// <summary>Schemas this one refers to, by the name it uses for them.</summary>
    public IReadOnlyDictionary<string, SchemaText> References { get; init; } = new Dictionary<string, SchemaText>();
}

/// <summary>A schema with its id.</summary>
/// <param name="Id">The id in record bytes.</param>
/// <param name="Schema">The schema.</param>
public sealed record RegisteredSchema(int Id, SchemaText Schema);
