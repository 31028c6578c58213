using StreamFlow.Sql.Ast;
using StreamFlow.Sql.Planning;
using StreamFlow.Sql.Types;

namespace StreamFlow.Sql.CodeGeneration;

/// <content>
/// The part of a query that writes a table which lets pull queries read it: the store nearest to the sink, and the HAVING and SELECT
/// between the two, computed again for each row that is read. So a table costs no second store.
/// </content>
internal sealed partial class QueryWriter
{
    private readonly Dictionary<PlanNode, Stage> _stages = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<PlanNode, string> _storeOf = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<PlanNode, string> _perRow = new(ReferenceEqualityComparer.Instance);
    private readonly SourceText _reader = new();
    private string? _lastStore;

    /// <summary>A name for a store; the last one named before a node is written is the node's own.</summary>
    private string StoreName(string hint) => _lastStore = Name(hint);

    private Stage Written(PlanNode node, Stage stage)
    {
        _stages[node] = stage;
        if (_lastStore is { } store)
        {
            _storeOf[node] = store;
        }

        return stage;
    }

    private void WriteReader(PlanNode top)
    {
        var steps = new Stack<PlanNode>();
        var node = top;
        for (; node is ProjectNode or FilterNode; node = node is ProjectNode p ? p.Input : ((FilterNode)node).Input)
        {
            steps.Push(node);
        }

        if (!node.IsTable || !_storeOf.TryGetValue(node, out var store))
        {
            return;
        }

        var (stored, result) = (_stages[node], _stages[top]);
        _reader.Indented(() =>
        {
            _reader.Line();
            _reader.Comment("What pull queries read.");
            _reader.Line($"public TableReader Reader() => new {ReaderType(node)}<{stored.Key.Name}, {stored.ValueType}, {result.ValueType}>"
                + $"(\"{store}\", Read{(IsOrdered(node, stored) ? ", isOrdered: true" : "")});");
            var body = WriteSteps(steps, stored);
            _reader.Line();
            _reader.Open($"private bool Read({stored.KeyType} key, {stored.ValueType} row0, out {result.ValueType} row)");
            _reader.Append(body);
            _reader.Close();
        });
    }

    // Each step is a method of its own, since each calls its input "row".
    private SourceText WriteSteps(IEnumerable<PlanNode> steps, Stage stored)
    {
        var body = new SourceText();
        body.Indented(() => body.Indented(() =>
        {
            body.Line("row = default;");
            var (current, count) = ("row0", 0);
            var type = stored.ValueType;
            foreach (var step in steps)
            {
                var output = _stages[step].ValueType;
                count++;
                _reader.Line();
                if (step is FilterNode)
                {
                    _reader.Line($"private bool Keeps{count}({stored.KeyType} key, {type} row) => {_perRow[step]};");
                    body.Open($"if (!Keeps{count}(key, {current}))");
                    body.Line("return false;");
                    body.Close();
                    continue;
                }

                _reader.Line($"private {output} Select{count}({stored.KeyType} key, {type} row) => {_perRow[step]};");
                body.Line($"var row{count} = Select{count}(key, {current});");
                (current, type) = ($"row{count}", output);
            }

            body.Line($"row = {current};");
            body.Line("return true;");
        }));
        return body;
    }

    // Bytes of KAFKA keys are in the order of the keys, and those of no other format.
    private static bool IsOrdered(PlanNode node, Stage stored) => ReaderType(node) == "KeyValueTableReader"
        && stored is { KeyFormat.Name: "KAFKA", Key.Columns: [{ Type.BaseType: var type }] }
        && type is SqlBaseType.String or SqlBaseType.Integer or SqlBaseType.BigInt;

    private static string ReaderType(PlanNode node) => node switch
    {
        AggregateNode { WindowClause.Kind: WindowKind.Session } => "SessionTableReader",
        AggregateNode { WindowClause: not null } => "WindowTableReader",
        { Window: not null } => "WindowedKeyTableReader",
        _ => "KeyValueTableReader",
    };
}
