namespace StreamFlow.Sql.CodeGeneration;

/// <summary>A query as C#.</summary>
/// <param name="ClassName">The full name of the generated class.</param>
/// <param name="Code">The source text.</param>
internal sealed record GeneratedQuery(string ClassName, string Code);
