using System.Collections.Generic;

namespace StreamFlow.Protocol.Generator.Definitions;

/// <summary>Fields in the order of the wire; the body of a message is one too.</summary>
internal class StructDefinition
{
    public string Name { get; set; } = "";

    public string Prose { get; set; } = "";

    public int Line { get; set; }

    public List<FieldDefinition> Fields { get; } = [];

    /// <summary>The versions of the message in which this struct is met, resolved after parsing.</summary>
    public VersionRange Versions { get; set; } = VersionRange.None;
}
