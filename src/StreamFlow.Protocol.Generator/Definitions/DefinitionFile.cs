using System;
using System.Collections.Generic;

namespace StreamFlow.Protocol.Generator.Definitions;

/// <summary>
/// A parsed definition file. Two are equal when they come from the same text at the same path, which is what the incremental pipeline
/// needs to skip files that did not change.
/// </summary>
internal sealed class DefinitionFile(string path, string text) : IEquatable<DefinitionFile>
{
    public string Path { get; } = path;

    public string Text { get; } = text;

    /// <summary>The name of the API or record; empty for plain data.</summary>
    public string Name { get; set; } = "";

    /// <summary>The API's key, or the record's type; -1 for plain data.</summary>
    public int Key { get; set; } = -1;

    public VersionRange Versions { get; set; } = VersionRange.None;

    public VersionRange Flexible { get; set; } = VersionRange.None;

    /// <summary>What ApiVersions answers for this API.</summary>
    public VersionRange Offered { get; set; } = VersionRange.None;

    /// <summary>The comment lines at the head of the file.</summary>
    public List<string> Prose { get; } = [];

    public List<MessageDefinition> Messages { get; } = [];

    public List<DefinitionError> Errors { get; } = [];

    public bool IsApi { get; set; }

    public bool Equals(DefinitionFile? other) => other is not null && Path == other.Path && Text == other.Text;

    public override bool Equals(object? obj) => Equals(obj as DefinitionFile);

    public override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Path) ^ StringComparer.Ordinal.GetHashCode(Text);
}

/// <summary>What is wrong with a definition, and on which line (from 0).</summary>
internal sealed class DefinitionError(int line, string message)
{
    public int Line { get; } = line;

    public string Message { get; } = message;
}
