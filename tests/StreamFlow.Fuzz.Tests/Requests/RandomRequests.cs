using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;
using StreamFlow.Core.Errors;
using StreamFlow.Core.Records;
using StreamFlow.Protocol;
using StreamFlow.Protocol.Generator.Definitions;
using StreamFlow.Protocol.Tests.Support;

namespace StreamFlow.Fuzz.Tests.Requests;

/// <summary>Makes well-formed requests of every API and version with random content.</summary>
internal sealed class RandomRequests(RequestWords words)
{
    private static readonly ConcurrentDictionary<(Type Type, string Name), PropertyInfo> Properties = new();
    private static readonly byte[][] Batches = [Batch(1, CompressionType.None), Batch(3, CompressionType.Gzip), Batch(20, CompressionType.Lz4)];

    /// <summary>The frame of a request, without its size.</summary>
    public byte[] Frame(Random random, ApiKey key, short version)
    {
        var name = key + "Request";
        var request = (IRequest)Activator.CreateInstance(typeof(IVersioned).Assembly.GetType("StreamFlow.Protocol.Messages." + name, true)!)!;
        Fill(random, request, DefinitionSet.Messages[name], version);
        using var frame = new FrameBuffer();
        MessageFrame.WriteRequest(frame, request, version, random.Next(), "fuzz");
        return frame.ToArray()[sizeof(int)..];
    }

    private void Fill(Random random, object target, StructDefinition body, short version)
    {
        foreach (var field in body.Fields)
        {
            if (!field.Versions.Contains(version) || (field.Default is not null && random.Next(3) == 0))
            {
                continue;
            }

            var property = Properties.GetOrAdd((target.GetType(), field.Name), static p => p.Type.GetProperty(p.Name)!);
            var isNull = field.Nullable.Contains(version) && random.Next(4) == 0;
            property.SetValue(target, isNull ? null : Value(random, property.PropertyType, field, version));
        }
    }

    private object Value(Random random, Type type, FieldDefinition field, short version)
    {
        if (!field.IsArray)
        {
            return Element(random, type, field, version);
        }

        var list = (IList)Activator.CreateInstance(type)!;
        for (var count = random.Next(10) == 0 ? random.Next(10) : random.Next(3); count > 0; count--)
        {
            list.Add(Element(random, type.GenericTypeArguments[0], field, version));
        }

        return list;
    }

    private object Element(Random random, Type type, FieldDefinition field, short version)
    {
        if (field.IsStruct)
        {
            var target = Activator.CreateInstance(type)!;
            Fill(random, target, field.Struct!, version);
            return target;
        }

        return field.Scalar switch
        {
            Scalar.Bool => random.Next(2) == 0,
            Scalar.Int8 => unchecked((sbyte)words.Number(random, field.Name)),
            Scalar.Int16 => unchecked((short)words.Number(random, field.Name)),
            Scalar.UInt16 => unchecked((ushort)words.Number(random, field.Name)),
            Scalar.Int32 => unchecked((int)words.Number(random, field.Name)),
            Scalar.UInt32 => unchecked((uint)words.Number(random, field.Name)),
            Scalar.Int64 => words.Number(random, field.Name),
            Scalar.Float64 => random.NextDouble() * 1000,
            Scalar.Uuid => words.TopicId(random),
            Scalar.Error => (ErrorCode)random.Next(-1, 100),
            Scalar.String => words.Text(random, field.Name),
            Scalar.Bytes => Noise(random),
            Scalar.Records => (ReadOnlyMemory<byte>)Batches[random.Next(Batches.Length)].ToArray(),
            _ => throw new ArgumentOutOfRangeException(nameof(field), field.Scalar, null),
        };
    }

    private static byte[] Noise(Random random)
    {
        var noise = new byte[random.Next(40)];
        random.NextBytes(noise);
        return noise;
    }

    private static byte[] Batch(int records, CompressionType compression)
    {
        using var builder = new RecordBatchBuilder();
        for (var i = 0; i < records; i++)
        {
            builder.Append(TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds(), true, "key"u8, true, "value"u8, Headers.Empty);
        }

        return builder.Finish(new RecordBatchOptions { Compression = compression }).ToArray();
    }
}
