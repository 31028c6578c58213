namespace StreamFlow.Core.Records;

/// <summary>The kind of a control record: the second int16 of its key.</summary>
public enum ControlRecordType : short
{
    /// <summary>The producer's transaction was aborted.</summary>
    Abort = 0,

    /// <summary>The producer's transaction was committed.</summary>
    Commit = 1,
}
