using System.Collections;
using System.Globalization;
using System.Text;
using StreamFlow.Core.Errors;
using StreamFlow.Protocol.Generator.Definitions;

namespace StreamFlow.Protocol.Tests.Support;

/// <summary>
/// Messages to encode. A value depends on its field's path only, so that two versions with the same layout have the same bytes, and is
/// never the field's default, so that nothing is left out.
/// </summary>
internal static class Samples
{
    private delegate bool IsSet(FieldDefinition field, short version);

    /// <summary>
    /// A message in which every field of <paramref name="version"/> is set. Lists have two elements, lists of structs within a list one.
    /// </summary>
    public static IVersioned Full(MessageDefinition message, short version) => Fill(message, version, FillAll);

    /// <summary>Like <see cref="Full"/>, with null wherever the version allows it.</summary>
    public static IVersioned WithNulls(MessageDefinition message, short version) =>
        Fill(message, version, (field, v) => !field.Nullable.Contains(v));

    /// <summary>A new message with nothing set.</summary>
    public static IVersioned Default(MessageDefinition message) => (IVersioned)Activator.CreateInstance(DefinitionSet.TypeOf(message))!;

    private static bool FillAll(FieldDefinition field, short version) => true;

    private static IVersioned Fill(MessageDefinition message, short version, IsSet isSet)
    {
        var target = Default(message);
        FillStruct(target, message, version, message.Name, isSet);
        return target;
    }

    private static void FillStruct(object target, StructDefinition body, short version, string path, IsSet isSet)
    {
        foreach (var field in body.Fields.Where(f => f.Versions.Contains(version)))
        {
            var property = target.GetType().GetProperty(field.Name)!;
            var fieldPath = path + "." + field.Name;
            property.SetValue(target, isSet(field, version) ? Value(property.PropertyType, field, version, fieldPath, isSet) : null);
        }
    }

    private static object Value(Type type, FieldDefinition field, short version, string path, IsSet isSet)
    {
        if (!field.IsArray)
        {
            return Element(type, field, version, path, isSet);
        }

        var list = (IList)Activator.CreateInstance(type)!;
        list.Add(Element(type.GenericTypeArguments[0], field, version, path + "[0]", isSet));
        if (!field.IsStruct || !path.Contains('[', StringComparison.Ordinal))
        {
            list.Add(Element(type.GenericTypeArguments[0], field, version, path + "[1]", isSet));
        }

        return list;
    }

    private static object Element(Type type, FieldDefinition field, short version, string path, IsSet isSet)
    {
        if (field.IsStruct)
        {
            var target = Activator.CreateInstance(type)!;
            FillStruct(target, field.Struct!, version, path, isSet);
            return target;
        }

        var seed = Hash(path);
        return field.Scalar switch
        {
            Scalar.Bool => field.Default != "true",
            Scalar.Int8 => (sbyte)(20 + (seed % 100)),
            Scalar.Int16 => (short)(1000 + (seed % 20000)),
            Scalar.UInt16 => (ushort)(40000 + (seed % 20000)),
            Scalar.Int32 => (int)(100_000_000 + (seed % 1_000_000_000)),
            Scalar.UInt32 => 3_000_000_000 + (seed % 1_000_000_000),
            Scalar.Int64 => 1_000_000_000_000_000_000 + (long)seed,
            Scalar.Float64 => 0.5 + (seed % 1000),
            Scalar.Uuid => new Guid(Encoding.ASCII.GetBytes(seed.ToString("x16", CultureInfo.InvariantCulture)), bigEndian: true),
            Scalar.Error => (ErrorCode)(1 + (seed % 120)),
            Scalar.String => "s" + (seed % 1000).ToString(CultureInfo.InvariantCulture),
            Scalar.Bytes => new[] { (byte)seed, (byte)(seed >> 8), (byte)(seed >> 16) },
            Scalar.Records => new ReadOnlyMemory<byte>([(byte)seed, 1, 2, 3, 4]),
            _ => throw new ArgumentOutOfRangeException(nameof(field), field.Scalar, null),
        };
    }

    /// <summary>FNV-1a, since string.GetHashCode differs from run to run.</summary>
    private static uint Hash(string text)
    {
        var hash = 2166136261u;
        foreach (var c in text)
        {
            hash = (hash ^ c) * 16777619u;
        }

        return hash;
    }
}
