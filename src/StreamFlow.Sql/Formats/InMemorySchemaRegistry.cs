namespace StreamFlow.Sql.Formats;

/// <summary>A schema registry that lives as long as the object: for tests, and for a process of its own.</summary>
/// <remarks>Safe for use by many threads; one lock guards everything, since registering is rare and reading is short.</remarks>
public sealed class InMemorySchemaRegistry : ISchemaRegistry
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<RegisteredSchema>> _subjects = new(StringComparer.Ordinal);
    private readonly Dictionary<int, RegisteredSchema> _byId = [];
    private int _lastId;

    /// <inheritdoc/>
    public IReadOnlyCollection<string> Subjects
    {
        get
        {
            lock (_lock)
            {
                return [.. _subjects.Keys];
            }
        }
    }

    /// <inheritdoc/>
    public int Register(string subject, SchemaText schema)
    {
        lock (_lock)
        {
            var versions = Versions(subject);
            var known = versions.Find(v => Same(v.Schema, schema)) ?? _byId.Values.FirstOrDefault(v => Same(v.Schema, schema));
            if (known is null)
            {
                while (_byId.ContainsKey(++_lastId))
                {
                    // Ids that were given explicitly are skipped.
                }

                known = new RegisteredSchema(_lastId, schema);
                _byId[known.Id] = known;
            }

            if (!versions.Contains(known))
            {
                versions.Add(known);
            }

            return known.Id;
        }
    }

    /// <summary>Registers a schema under an id of the caller's choice, as an import does.</summary>
    /// <param name="subject">The subject.</param>
    /// <param name="schema">Kind and text.</param>
    /// <param name="id">The id.</param>
    public void RegisterWithId(string subject, SchemaText schema, int id)
    {
        lock (_lock)
        {
            var registered = new RegisteredSchema(id, schema);
            _byId[id] = registered;
            Versions(subject).Add(registered);
        }
    }

    /// <inheritdoc/>
    public RegisteredSchema? Latest(string subject)
    {
        lock (_lock)
        {
            return _subjects.TryGetValue(subject, out var versions) && versions.Count > 0 ? versions[^1] : null;
        }
    }

    /// <inheritdoc/>
    public RegisteredSchema? ById(int id)
    {
        lock (_lock)
        {
            return _byId.GetValueOrDefault(id);
        }
    }

    /// <inheritdoc/>
    public void Delete(string subject)
    {
        lock (_lock)
        {
            _subjects.Remove(subject);
        }
    }

    private static bool Same(SchemaText left, SchemaText right) => left.Kind == right.Kind && left.Text == right.Text;

    private List<RegisteredSchema> Versions(string subject)
    {
        if (!_subjects.TryGetValue(subject, out var versions))
        {
            _subjects[subject] = versions = [];
        }

        return versions;
    }
}
