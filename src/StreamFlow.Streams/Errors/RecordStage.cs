namespace StreamFlow.Streams.Errors;

/// <summary>Where on its way a record failed.</summary>
public enum RecordStage
{
    /// <summary>Its bytes could not be read as the source's types, or its time could not be told.</summary>
    Deserialization,

    /// <summary>User code or an operator failed.</summary>
    Processing,

    /// <summary>A result could not be serialised or was rejected by the broker.</summary>
    Production,
}
