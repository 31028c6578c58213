using System.Buffers;
using StreamFlow.Core.Serialization;

namespace StreamFlow.Streams.State;

/// <summary>
/// Equality of keys in typed caches. Two keys must be equal exactly when their bytes are: types that do not compare by value
/// (arrays, classes without Equals) are compared by the bytes their serde writes.
/// </summary>
internal static class KeyComparers
{
    /// <summary>Null means: the type's own equality, the fast path of a dictionary.</summary>
    public static IEqualityComparer<TKey>? For<TKey>(Serde<TKey> serde) =>
        ComparesByValue(typeof(TKey)) ? null : new SerializedComparer<TKey>(serde);

    private static bool ComparesByValue(Type type) =>
        type.IsValueType
        || (!type.IsArray && type.GetMethod(nameof(Equals), [typeof(object)])!.DeclaringType != typeof(object))
        || type == typeof(object);

    private sealed class SerializedComparer<TKey>(Serde<TKey> serde) : IEqualityComparer<TKey>
    {
        private static readonly SerdeContext Context = SerdeContext.ForKey(string.Empty);
        private readonly ArrayBufferWriter<byte> _left = new();
        private readonly ArrayBufferWriter<byte> _right = new();

        public bool Equals(TKey? x, TKey? y) =>
            ReferenceEquals(x, y) || (x is not null && y is not null && Write(x, _left).SequenceEqual(Write(y, _right)));

        public int GetHashCode(TKey obj)
        {
            var hash = default(HashCode);
            hash.AddBytes(Write(obj, _left));
            return hash.ToHashCode();
        }

        private ReadOnlySpan<byte> Write(TKey key, ArrayBufferWriter<byte> buffer)
        {
            buffer.ResetWrittenCount();
            serde.Serialize(key, buffer, Context);
            return buffer.WrittenSpan;
        }
    }
}
