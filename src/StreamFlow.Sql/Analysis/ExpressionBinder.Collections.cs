using StreamFlow.Core.Errors;
using StreamFlow.Sql.Ast;
using StreamFlow.Sql.Diagnostics;
using StreamFlow.Sql.Types;

namespace StreamFlow.Sql.Analysis;

internal sealed partial class ExpressionBinder
{
    private BoundExpression BindArray(ArrayExpression e)
    {
        var items = e.Items.Select(Bind).ToList();
        var type = ItemType(e, items, "ARRAY");
        return new BoundArray([.. items.Select(i => Item(i, type, e.Span))], SqlType.Array(type));
    }

    private BoundExpression BindMap(MapExpression e)
    {
        var keys = e.Entries.Select(entry => Bind(entry.Key)).ToList();
        var values = e.Entries.Select(entry => Bind(entry.Value)).ToList();
        var (keyType, valueType) = (ItemType(e, keys, "MAP"), ItemType(e, values, "MAP"));
        return new BoundMap(
            [.. keys.Zip(values, (k, v) => (Item(k, keyType, e.Span), Item(v, valueType, e.Span)))], SqlType.Map(keyType, valueType));
    }

    private BoundExpression BindStruct(StructExpression e)
    {
        var fields = new List<SqlField>();
        var values = new List<BoundExpression>();
        foreach (var field in e.Fields)
        {
            var value = Bind(field.Value);
            if (value.Type is null)
            {
                throw new SqlException(SqlErrors.TypeMismatch, field.Span, $"The field {field.Name} has no type.", "CAST(NULL AS type)");
            }

            if (fields.Exists(f => f.Name == field.Name))
            {
                throw new SqlException(SqlErrors.DuplicateName, field.Span, $"The struct has two fields {field.Name}.");
            }

            fields.Add(new SqlField(field.Name, value.Type));
            values.Add(value);
        }

        return new BoundStruct(values, new SqlStructType(fields));
    }

    private BoundExpression BindSubscript(SubscriptExpression e)
    {
        var (value, index) = (Bind(e.Base), Bind(e.Index));
        switch (value.Type)
        {
            case SqlArrayType array when index.Type == SqlType.Integer || index.Type == SqlType.BigInt:
                return new BoundSubscript(
                    value, index.Type == SqlType.BigInt ? new BoundCast(index, SqlType.Integer) : index, array.Element);
            case SqlMapType map when index.Type is { } type && SqlCoercion.CanCoerce(type, map.Key):
                return new BoundSubscript(value, Coercion.Widen(index, map.Key), map.Value);
            case SqlArrayType or SqlMapType:
                throw new SqlException(SqlErrors.TypeMismatch, e.Index.Span, $"{value.Type} has no elements at {Describe(index)}.");
            case SqlStructType:
                throw new SqlException(SqlErrors.TypeMismatch, e.Span, "A STRUCT has no subscript.", "write base->FIELD");
            default:
                throw new SqlException(SqlErrors.TypeMismatch, e.Span, $"{Describe(value)} has no elements.");
        }
    }

    private BoundExpression BindField(DereferenceExpression e)
    {
        var value = Bind(e.Base);
        if (value.Type is not SqlStructType type)
        {
            throw new SqlException(SqlErrors.TypeMismatch, e.Span, $"-> needs a STRUCT, but this is {Describe(value)}.");
        }

        return type.Find(e.Field) is { } field
            ? new BoundField(value, field.Name, field.Type)
            : throw new SqlException(
                SqlErrors.UnknownField, e.Span, $"{type} has no field {e.Field}.",
                    NearestName.Hint(e.Field, type.Fields.Select(f => f.Name)));
    }

    private static SqlType ItemType(Expression e, List<BoundExpression> items, string kind)
    {
        var type = items.FirstOrDefault(i => i.Type is not null)?.Type;
        if (type is null)
        {
            throw new SqlException(
                SqlErrors.TypeMismatch, e.Span,
                    items.Count == 0 ? $"An empty {kind} has no type." : $"A {kind} of nothing but NULL has no type.");
        }

        foreach (var item in items.Where(i => i.Type is not null))
        {
            type = Coercion.ListType(type, item) ?? throw new SqlException(
                SqlErrors.TypeMismatch, e.Span, $"The items of a {kind} need one type, but these are {type} and {item.Type}.");
        }

        return type;
    }

    private static BoundExpression Item(BoundExpression item, SqlType type, SourceSpan span) =>
        item.Type is null ? new BoundNull(type) : Coercion.Lax(item, type, span);
}
