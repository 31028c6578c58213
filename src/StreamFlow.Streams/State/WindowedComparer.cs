namespace StreamFlow.Streams.State;

/// <summary>Compares the inner key the way the key's type needs it.</summary>
internal sealed class WindowedComparer<TKey>(IEqualityComparer<TKey> inner) : IEqualityComparer<Windowed<TKey>>
{
    public bool Equals(Windowed<TKey> x, Windowed<TKey> y) => x.Window == y.Window && inner.Equals(x.Key, y.Key);

    public int GetHashCode(Windowed<TKey> obj) => HashCode.Combine(inner.GetHashCode(obj.Key!), obj.Window);
}
