namespace StreamFlow.Core.Serialization;

/// <summary>Which half of a record a serde reads or writes.</summary>
public enum SerdeTarget
{
    /// <summary>The record's key.</summary>
    Key,

    /// <summary>The record's value.</summary>
    Value,
}
