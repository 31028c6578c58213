using System.Security.Cryptography;

namespace StreamFlow.Core.Security;

/// <summary>The hash of a SCRAM mechanism (RFC 5802, RFC 7677) and what is computed with it. The numbers are Kafka's.</summary>
public sealed class ScramMechanism
{
    private static readonly byte[] ClientKeyText = "Client Key"u8.ToArray();
    private static readonly byte[] ServerKeyText = "Server Key"u8.ToArray();

    private readonly HashAlgorithmName _hash;

    private ScramMechanism(string name, sbyte number, HashAlgorithmName hash, int hashSize, int minIterations)
    {
        Name = name;
        Number = number;
        _hash = hash;
        HashSize = hashSize;
        MinIterations = minIterations;
    }

    /// <summary>SCRAM-SHA-256.</summary>
    public static ScramMechanism Sha256 { get; } = new("SCRAM-SHA-256", 1, HashAlgorithmName.SHA256, 32, 4096);

    /// <summary>SCRAM-SHA-512.</summary>
    public static ScramMechanism Sha512 { get; } = new("SCRAM-SHA-512", 2, HashAlgorithmName.SHA512, 64, 4096);

    /// <summary>The most rounds that a user may have; more would let anybody who logs in burn the other side's time.</summary>
    public const int MaxIterations = 16384;

    /// <summary>The mechanism's name in SASL.</summary>
    public string Name { get; }

    /// <summary>The mechanism's number in Kafka's APIs and metadata.</summary>
    public sbyte Number { get; }

    /// <summary>Bytes of a hash.</summary>
    public int HashSize { get; }

    /// <summary>The fewest rounds allowed.</summary>
    public int MinIterations { get; }

    /// <summary>The mechanism of a name, or null.</summary>
    public static ScramMechanism? Find(string name) => name == Sha256.Name ? Sha256 : name == Sha512.Name ? Sha512 : null;

    /// <summary>The mechanism of a number, or null.</summary>
    public static ScramMechanism? Find(sbyte number) => number == Sha256.Number ? Sha256 : number == Sha512.Number ? Sha512 : null;

    /// <summary>Hi() of RFC 5802: the password, salted and hashed many times.</summary>
    public byte[] SaltedPassword(ReadOnlySpan<byte> password, ReadOnlySpan<byte> salt, int iterations) =>
        Rfc2898DeriveBytes.Pbkdf2(password, salt, iterations, _hash, HashSize);

    /// <summary>The key that a client proves to have.</summary>
    public byte[] ClientKey(ReadOnlySpan<byte> saltedPassword) => Hmac(saltedPassword, ClientKeyText);

    /// <summary>The key that a server proves to have.</summary>
    public byte[] ServerKey(ReadOnlySpan<byte> saltedPassword) => Hmac(saltedPassword, ServerKeyText);

    /// <summary>H() of RFC 5802; of a client key it is the stored key.</summary>
    public byte[] Hash(ReadOnlySpan<byte> bytes) => CryptographicOperations.HashData(_hash, bytes);

    /// <summary>HMAC() of RFC 5802.</summary>
    public byte[] Hmac(ReadOnlySpan<byte> key, ReadOnlySpan<byte> bytes) => CryptographicOperations.HmacData(_hash, key, bytes);

    /// <inheritdoc/>
    public override string ToString() => Name;
}
