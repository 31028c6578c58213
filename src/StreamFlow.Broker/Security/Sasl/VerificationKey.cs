using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace StreamFlow.Broker.Security.Sasl;

/// <summary>A public key of a JWKS (RFC 7517), RSA or elliptic curve.</summary>
internal sealed class VerificationKey
{
    private readonly RSA? _rsa;
    private readonly ECDsa? _ec;

    private VerificationKey(string? id, RSA? rsa, ECDsa? ec)
    {
        Id = id;
        _rsa = rsa;
        _ec = ec;
    }

    /// <summary>The key's id (<c>kid</c>), or null.</summary>
    public string? Id { get; }

    /// <summary>Reads a key; null when it is of a kind or for a use that is of no help here.</summary>
    public static VerificationKey? TryRead(JsonElement key)
    {
        if (Text(key, "use") is not (null or "sig"))
        {
            return null;
        }

        try
        {
            return Text(key, "kty") switch
            {
                "RSA" => new(Text(key, "kid"), RsaOf(key), null),
                "EC" when CurveOf(Text(key, "crv")) is { } curve => new(Text(key, "kid"), null, EcOf(key, curve)),
                _ => null,
            };
        }
        catch (Exception e) when (e is CryptographicException or FormatException)
        {
            return null;
        }
    }

    /// <summary>Checks a signature. The algorithm has to fit the key, or a token could choose how it is checked.</summary>
    public bool Verify(string? algorithm, byte[] signed, byte[] signature)
    {
        if (algorithm is not { Length: 5 } || HashOf(algorithm[2..]) is not { } hash)
        {
            return false;
        }

        return algorithm[..2] switch
        {
            "RS" when _rsa is not null => _rsa.VerifyData(signed, signature, hash, RSASignaturePadding.Pkcs1),
            "PS" when _rsa is not null => _rsa.VerifyData(signed, signature, hash, RSASignaturePadding.Pss),
            "ES" when _ec is not null => _ec.VerifyData(signed, signature, hash, DSASignatureFormat.IeeeP1363FixedFieldConcatenation),
            _ => false,
        };
    }

    private static RSA RsaOf(JsonElement key) =>
        RSA.Create(new RSAParameters { Modulus = Bytes(key, "n"), Exponent = Bytes(key, "e") });

    private static ECDsa EcOf(JsonElement key, ECCurve curve) =>
        ECDsa.Create(new ECParameters { Curve = curve, Q = new ECPoint { X = Bytes(key, "x"), Y = Bytes(key, "y") } });

    private static HashAlgorithmName? HashOf(string bits) => bits switch
    {
        "256" => HashAlgorithmName.SHA256,
        "384" => HashAlgorithmName.SHA384,
        "512" => HashAlgorithmName.SHA512,
        _ => null,
    };

    private static ECCurve? CurveOf(string? name) => name switch
    {
        "P-256" => ECCurve.NamedCurves.nistP256,
        "P-384" => ECCurve.NamedCurves.nistP384,
        "P-521" => ECCurve.NamedCurves.nistP521,
        _ => null,
    };

    private static string? Text(JsonElement key, string name) =>
        key.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static byte[] Bytes(JsonElement key, string name) =>
        Base64Url.DecodeFromChars(Text(key, name) ?? throw new FormatException($"the key has no {name}"));
}
