using StreamFlow.Core.Errors;
using StreamFlow.Sql.Ast;

namespace StreamFlow.Sql.Diagnostics;

/// <summary>A statement was rejected; <see cref="Diagnostics"/> says why and where.</summary>
public sealed class SqlException : StreamFlowException
{
    /// <summary>Creates the error of these diagnostics, at least one.</summary>
    public SqlException(IReadOnlyList<SqlDiagnostic> diagnostics, Exception? innerException = null)
        : base(string.Join(Environment.NewLine, diagnostics), innerException) => Diagnostics = diagnostics;

    internal SqlException(string code, SourceSpan span, string message, string? hint = null)
        : this([new SqlDiagnostic(code, message, span, hint)])
    {
    }

    /// <summary>Everything that was found wrong, in the order of the text.</summary>
    public IReadOnlyList<SqlDiagnostic> Diagnostics { get; }
}
