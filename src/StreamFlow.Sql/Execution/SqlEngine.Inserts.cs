using StreamFlow.Core.Errors;
using StreamFlow.Core.Records;
using StreamFlow.Sql.Analysis;
using StreamFlow.Sql.Ast;
using StreamFlow.Sql.Catalog;
using StreamFlow.Sql.CodeGeneration;
using StreamFlow.Sql.Diagnostics;
using StreamFlow.Sql.Planning;
using StreamFlow.Sql.Types;

namespace StreamFlow.Sql.Execution;

public sealed partial class SqlEngine
{
    private async ValueTask<SqlResult> InsertValuesAsync(StatementCall call, InsertValues statement, CancellationToken cancellationToken)
    {
        var source = Catalog.Require(statement.Target, statement.Span);
        if (source.IsSource || source.Window is not null)
        {
            throw new SqlException(
                SqlErrors.NotAllowed, statement.Span, $"{source.Name} is read-only or windowed; INSERT cannot write it.");
        }

        var names = statement.Columns?.ToList()
            ?? [.. source.Columns.Where(c => c.Role != SourceColumnRole.Header).Select(c => c.Name)];
        if (names.Count != statement.Values.Count)
        {
            throw new SqlException(
                SqlErrors.TypeMismatch, statement.Span, $"There are {names.Count} columns, but {statement.Values.Count} values.");
        }

        var values = new Dictionary<string, BoundExpression>(StringComparer.Ordinal);
        foreach (var (name, value) in names.Zip(statement.Values))
        {
            if (!values.TryAdd(name, BindInsertValue(call, source, name, value)))
            {
                throw new SqlException(SqlErrors.DuplicateName, statement.Span, $"{name} is given twice.");
            }
        }

        if (source.IsTable && source.KeyColumns.FirstOrDefault(k =>
            !values.TryGetValue(k.Name, out var v) || v is BoundNull) is { } missing)
        {
            throw new SqlException(SqlErrors.TypeMismatch, statement.Span, $"The primary key {missing.Name} needs a value.");
        }

        var code = InsertWriter.Write(source, values, out var literals);
        var (key, value2, time) = QueryCompiler.MakeRecord(code, literals, QueryContext("INSERT"), source.Topic);
        var timestamp = time ?? _options.Time.GetUtcNow().ToUnixTimeMilliseconds();
        var record = new SqlRecord(key, value2, timestamp, Headers.Empty);
        await runtime.ProduceAsync(source.Topic, record, cancellationToken).ConfigureAwait(false);
        Wrote(source.Topic);
        return call.Unchanged($"One record written to {source.Topic}.");
    }

    private BoundExpression BindInsertValue(StatementCall call, DataSource source, string name, Expression value)
    {
        var column = source.Find(name);
        var type = column is { Role: SourceColumnRole.Header } ? null
            : column?.Type ?? (name == SystemColumns.RowTime ? SqlType.BigInt : null);
        if (type is null)
        {
            throw new SqlException(
                SqlErrors.UnknownColumn, value.Span, $"{name} is no column that INSERT can write.",
                    NearestName.Hint(name, source.Columns.Select(c => c.Name)));
        }

        var bound = new ExpressionBinder(EmptyScope.Instance, Catalog, call.Context.Functions).Bind(value);
        if (bound.Type is null)
        {
            return new BoundNull(type);
        }

        return SqlCoercion.CanCoerce(bound.Type, type) || FitsAsLiteral(bound, type)
            ? Coercion.Lax(bound, type, value.Span)
            : throw new SqlException(SqlErrors.TypeMismatch, value.Span, $"{name} is {type}, but the value is {bound.Type}.");
    }

    private static bool FitsAsLiteral(BoundExpression bound, SqlType type) => bound switch
    {
        BoundLiteral { Value: string } => type.IsTemporal || type == SqlType.Bytes,
        BoundLiteral { LiteralType: SqlDecimalType } => type is SqlDecimalType,
        _ => bound.Type is SqlDecimalType or { BaseType: SqlBaseType.Integer or SqlBaseType.BigInt } && type is SqlDecimalType,
    };
}
