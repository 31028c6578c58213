using System.Globalization;

namespace StreamFlow.Streams;

/// <summary>A key within a window: the key of a windowed table.</summary>
/// <typeparam name="TKey">The inner key's type.</typeparam>
/// <param name="Key">The inner key.</param>
/// <param name="Window">The window.</param>
public readonly record struct Windowed<TKey>(TKey Key, Window Window)
{
    /// <summary><c>key@start-end</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Key}@{Window.Start}-{Window.End}");
}
