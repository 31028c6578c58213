namespace StreamFlow.Protocol;

/// <summary>What a <see cref="MessageArena"/> hands out again and again.</summary>
public interface IRecyclable
{
    /// <summary>Sets every field to its default and lets go of what it refers to; lists keep their memory.</summary>
    void Reset();
}
