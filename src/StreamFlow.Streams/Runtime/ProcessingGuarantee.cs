namespace StreamFlow.Streams.Runtime;

/// <summary>What a failure may do to results.</summary>
public enum ProcessingGuarantee
{
    /// <summary>Nothing is lost; records after the last commit are processed again (<c>at_least_once</c>).</summary>
    AtLeastOnce,

    /// <summary>
    /// Every record counts once: outputs, changelogs and offsets of a commit are one transaction per thread (<c>exactly_once_v2</c>,
    /// KIP-447). Readers of the results must read committed records only.
    /// </summary>
    ExactlyOnceV2,
}
