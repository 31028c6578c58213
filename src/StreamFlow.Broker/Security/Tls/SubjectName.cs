using System.Formats.Asn1;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace StreamFlow.Broker.Security.Tls;

/// <summary>Writes a certificate's subject as Java does, by RFC 2253: last name first, short keys, special characters escaped.</summary>
internal static class SubjectName
{
    private const string Special = ",+\"\\<>;";

    public static string Of(X509Certificate2 certificate)
    {
        var text = new StringBuilder();
        foreach (var name in certificate.SubjectName.EnumerateRelativeDistinguishedNames(reversed: true))
        {
            if (text.Length > 0)
            {
                text.Append(',');
            }

            if (name.HasMultipleElements)
            {
                text.Append('#').Append(Convert.ToHexStringLower(name.RawData.Span));
                continue;
            }

            var oid = name.GetSingleElementType().Value ?? "";
            if (KeyOf(oid) is { } key && name.GetSingleElementValue() is { } value)
            {
                text.Append(key).Append('=');
                Escape(text, value);
            }
            else
            {
                text.Append(oid).Append("=#").Append(Convert.ToHexStringLower(EncodedValueOf(name)));
            }
        }

        return text.ToString();
    }

    /// <summary>The keys of RFC 2253; others are written by their number.</summary>
    private static string? KeyOf(string oid) => oid switch
    {
        "2.5.4.3" => "CN",
        "2.5.4.6" => "C",
        "2.5.4.7" => "L",
        "2.5.4.8" => "ST",
        "2.5.4.9" => "STREET",
        "2.5.4.10" => "O",
        "2.5.4.11" => "OU",
        "0.9.2342.19200300.100.1.25" => "DC",
        "0.9.2342.19200300.100.1.1" => "UID",
        _ => null,
    };

    private static byte[] EncodedValueOf(X500RelativeDistinguishedName name)
    {
        var attribute = new AsnReader(name.RawData, AsnEncodingRules.DER).ReadSetOf().ReadSequence();
        attribute.ReadObjectIdentifier();
        return attribute.ReadEncodedValue().ToArray();
    }

    private static void Escape(StringBuilder text, string value)
    {
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            var isOuterSpace = c == ' ' && (i == 0 || i == value.Length - 1);
            if (Special.Contains(c, StringComparison.Ordinal) || isOuterSpace || (c == '#' && i == 0))
            {
                text.Append('\\');
            }

            text.Append(c);
        }
    }
}
