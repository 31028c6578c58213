using StreamFlow.Sql.Execution;

namespace StreamFlow.Sql.Testing.Running;

/// <summary>A topic in memory: one list of records, whatever its number of partitions says.</summary>
internal sealed class TestTopic(SqlTopic description)
{
    public SqlTopic Description => description;

    public List<SqlRecord> Records { get; } = [];
}
