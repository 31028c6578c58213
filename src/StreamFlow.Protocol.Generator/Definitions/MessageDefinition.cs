using System.Collections.Generic;

namespace StreamFlow.Protocol.Generator.Definitions;

/// <summary>A request, a response, the key or value of a stored record, or plain data: becomes one C# class.</summary>
internal sealed class MessageDefinition : StructDefinition
{
    public MessageKind Kind { get; set; }

    public VersionRange Flexible { get; set; } = VersionRange.None;

    /// <summary>Every struct that the message uses, in the order of definition.</summary>
    public List<StructDefinition> Structs { get; } = [];
}

/// <summary>What a message is for.</summary>
internal enum MessageKind
{
    Request,
    Response,
    RecordKey,
    RecordValue,
    Data,
}
