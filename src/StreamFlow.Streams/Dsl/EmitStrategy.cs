namespace StreamFlow.Streams.Dsl;

/// <summary>When the results of windows are sent downstream.</summary>
public enum EmitStrategy
{
    /// <summary>At every update.</summary>
    OnWindowUpdate,

    /// <summary>Once, when the window has closed.</summary>
    OnWindowClose,
}
