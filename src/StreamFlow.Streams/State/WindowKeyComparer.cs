namespace StreamFlow.Streams.State;

/// <summary>Compares the inner key the way the key's type needs it.</summary>
internal sealed class WindowKeyComparer<TKey>(IEqualityComparer<TKey> inner) : IEqualityComparer<WindowKey<TKey>>
{
    public bool Equals(WindowKey<TKey> x, WindowKey<TKey> y) => x.Start == y.Start && inner.Equals(x.Key, y.Key);

    public int GetHashCode(WindowKey<TKey> obj) => HashCode.Combine(inner.GetHashCode(obj.Key!), obj.Start);
}
