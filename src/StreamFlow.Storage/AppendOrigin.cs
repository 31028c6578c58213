namespace StreamFlow.Storage;

/// <summary>Who appends, which decides what is checked.</summary>
public enum AppendOrigin
{
    /// <summary>A producer: everything is checked, sequences included.</summary>
    Client = 0,

    /// <summary>
    /// A coordinator of the broker itself, writing its internal topic: several batches are allowed, sizes are not limited.
    /// </summary>
    Coordinator = 1,
}
