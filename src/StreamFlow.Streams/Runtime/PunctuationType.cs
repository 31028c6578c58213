namespace StreamFlow.Streams.Runtime;

/// <summary>Which clock drives a punctuation.</summary>
public enum PunctuationType
{
    /// <summary>The task's stream time: fires only while records flow.</summary>
    StreamTime,

    /// <summary>The wall clock.</summary>
    WallClock,
}
