using StreamFlow.Sql.Ast;

namespace StreamFlow.Sql.Planning;

/// <summary>A select item after <c>*</c> was expanded.</summary>
/// <param name="Name">The output column.</param>
/// <param name="Value">The expression, its columns resolved.</param>
/// <param name="HasAlias">Whether the user named it.</param>
/// <param name="FromStar">Whether it came from <c>*</c>.</param>
/// <param name="Span">Where it was written.</param>
internal sealed record SelectColumn(string Name, Expression Value, bool HasAlias, bool FromStar, SourceSpan Span);
