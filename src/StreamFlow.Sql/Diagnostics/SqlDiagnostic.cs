using StreamFlow.Sql.Ast;

namespace StreamFlow.Sql.Diagnostics;

/// <summary>One thing that is wrong with a statement.</summary>
/// <param name="Code">A stable code such as <c>SQL0102</c>; see <see cref="SqlErrors"/>.</param>
/// <param name="Message">What is wrong.</param>
/// <param name="Span">Where in the statement's text.</param>
/// <param name="Hint">What to do, or null.</param>
public sealed record SqlDiagnostic(string Code, string Message, SourceSpan Span, string? Hint = null)
{
    /// <summary>As <c>line:column: SQL0102: message (hint)</c>.</summary>
    public override string ToString() => $"{Span}: {Code}: {Message}{(Hint is null ? "" : $" ({Hint})")}";
}
