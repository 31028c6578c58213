using System.Text;
using StreamFlow.Core.Errors;
using StreamFlow.Sql.Ast;
using StreamFlow.Sql.Diagnostics;

namespace StreamFlow.Sql.Parsing;

/// <summary>Replaces <c>${name}</c> in a statement's text by the variable's value; <c>$${name}</c> stands for the text
/// <c>${name}</c>.</summary>
internal static class VariableSubstitution
{
    /// <summary>The text with every variable replaced.</summary>
    /// <exception cref="SqlException">A variable has no value.</exception>
    public static string Apply(string text, IReadOnlyDictionary<string, string> variables)
    {
        if (!text.Contains("${", StringComparison.Ordinal))
        {
            return text;
        }

        var result = new StringBuilder();
        var position = 0;
        while (text.IndexOf("${", position, StringComparison.Ordinal) is var start and >= 0)
        {
            var end = text.IndexOf('}', start);
            if (end < 0)
            {
                break;
            }

            var escaped = start > 0 && text[start - 1] == '$';
            result.Append(text, position, start - position - (escaped ? 1 : 0));
            var name = text[(start + 2)..end];
            result.Append(escaped ? text[start..(end + 1)] : Value(name, start, variables));
            position = end + 1;
        }

        return result.Append(text, position, text.Length - position).ToString();
    }

    private static string Value(string name, int start, IReadOnlyDictionary<string, string> variables) =>
        variables.TryGetValue(name, out var value)
            ? value
            : throw new SqlException(
                SqlErrors.UnknownVariable,
                new SourceSpan(1, start + 1, start, name.Length + 3),
                $"The variable '{name}' is not defined.",
                NearestName.Hint(name, variables.Keys) ?? $"DEFINE {name} = '...';");
}
