using StreamFlow.Sql.Rows;
using StreamFlow.Sql.Types;
using StreamFlow.Sql.Values;

namespace StreamFlow.Sql.Tests.Formats;

/// <summary>A row as the code generator would write it, with a column of each kind.</summary>
internal record struct SampleRow : IRow<SampleRow>
{
    public int? Id { get; set; }

    public string? Name { get; set; }

    public double? Amount { get; set; }

    public SqlDecimal? Price { get; set; }

    public bool? Flag { get; set; }

    public SqlTimestamp? At { get; set; }

    public byte[]? Raw { get; set; }

    public SqlArray<long?>? Numbers { get; set; }

    public SqlMap<string, string?>? Tags { get; set; }

    public SamplePoint? Point { get; set; }

    public static RowSchema Schema { get; } = new(
        new SqlField("ID", SqlType.Integer), new SqlField("NAME", SqlType.String), new SqlField("AMOUNT", SqlType.Double),
        new SqlField("PRICE", SqlType.Decimal(6, 2)), new SqlField("FLAG", SqlType.Boolean), new SqlField("AT", SqlType.Timestamp),
        new SqlField("RAW", SqlType.Bytes), new SqlField("NUMBERS", SqlType.Array(SqlType.BigInt)),
        new SqlField("TAGS", SqlType.Map(SqlType.String, SqlType.String)),
        new SqlField("POINT", SqlType.Struct(new SqlField("X", SqlType.Integer), new SqlField("y", SqlType.Integer))));

    public static void ReadColumn<TReader>(ref SampleRow row, int ordinal, ref TReader reader)
        where TReader : IColumnReader, allows ref struct
    {
        switch (ordinal)
        {
            case 0: row.Id = reader.ReadInt32(); break;
            case 1: row.Name = reader.ReadString(); break;
            case 2: row.Amount = reader.ReadDouble(); break;
            case 3: row.Price = reader.ReadDecimal(6, 2); break;
            case 4: row.Flag = reader.ReadBoolean(); break;
            case 5: row.At = reader.ReadTimestamp(); break;
            case 6: row.Raw = reader.ReadBytes(); break;
            case 7: row.Numbers = ReadNumbers(ref reader); break;
            case 8: row.Tags = ReadTags(ref reader); break;
            default: row.Point = reader.ReadStruct<SamplePoint>(); break;
        }
    }

    public readonly void WriteColumn<TWriter>(int ordinal, ref TWriter writer)
        where TWriter : IColumnWriter, allows ref struct
    {
        switch (ordinal)
        {
            case 0: writer.WriteInt32(Id); break;
            case 1: writer.WriteString(Name); break;
            case 2: writer.WriteDouble(Amount); break;
            case 3: writer.WriteDecimal(Price, 6, 2); break;
            case 4: writer.WriteBoolean(Flag); break;
            case 5: writer.WriteTimestamp(At); break;
            case 6: writer.WriteBytes(Raw); break;
            case 7: WriteNumbers(ref writer); break;
            case 8: WriteTags(ref writer); break;
            default: writer.WriteStruct(Point); break;
        }
    }

    private static SqlArray<long?>? ReadNumbers<TReader>(ref TReader reader)
        where TReader : IColumnReader, allows ref struct
    {
        if (!reader.BeginArray())
        {
            return null;
        }

        var items = new List<long?>();
        while (reader.NextElement())
        {
            items.Add(reader.ReadInt64());
        }

        return new SqlArray<long?>([.. items]);
    }

    private static SqlMap<string, string?>? ReadTags<TReader>(ref TReader reader)
        where TReader : IColumnReader, allows ref struct
    {
        if (!reader.BeginMap())
        {
            return null;
        }

        var entries = new OrderedDictionary<string, string?>();
        while (reader.NextEntry())
        {
            var key = reader.ReadString()!;
            entries[key] = reader.ReadString();
        }

        return new SqlMap<string, string?>(entries);
    }

    private readonly void WriteNumbers<TWriter>(ref TWriter writer)
        where TWriter : IColumnWriter, allows ref struct
    {
        if (Numbers is null)
        {
            writer.WriteNull();
            return;
        }

        writer.BeginArray(Numbers.Count);
        foreach (var number in Numbers)
        {
            writer.WriteInt64(number);
        }

        writer.EndArray();
    }

    private readonly void WriteTags<TWriter>(ref TWriter writer)
        where TWriter : IColumnWriter, allows ref struct
    {
        if (Tags is null)
        {
            writer.WriteNull();
            return;
        }

        writer.BeginMap(Tags.Count);
        foreach (var (key, value) in Tags)
        {
            writer.WriteString(key);
            writer.WriteString(value);
        }

        writer.EndMap();
    }
}

/// <summary>A nested struct with a quoted lower-case field.</summary>
internal record struct SamplePoint(int? X, int? Y) : IRow<SamplePoint>
{
    public static RowSchema Schema { get; } = new(new SqlField("X", SqlType.Integer), new SqlField("y", SqlType.Integer));

    public static void ReadColumn<TReader>(ref SamplePoint row, int ordinal, ref TReader reader)
        where TReader : IColumnReader, allows ref struct
    {
        if (ordinal == 0)
        {
            row.X = reader.ReadInt32();
        }
        else
        {
            row.Y = reader.ReadInt32();
        }
    }

    public readonly void WriteColumn<TWriter>(int ordinal, ref TWriter writer)
        where TWriter : IColumnWriter, allows ref struct => writer.WriteInt32(ordinal == 0 ? X : Y);
}

/// <summary>Only types that DELIMITED can hold.</summary>
internal record struct FlatRow(string? Name, int? Count, SqlDecimal? Price) : IRow<FlatRow>
{
    public static RowSchema Schema { get; } = new(
        new SqlField("NAME", SqlType.String), new SqlField("COUNT", SqlType.Integer), new SqlField("PRICE", SqlType.Decimal(4, 2)));

    public static void ReadColumn<TReader>(ref FlatRow row, int ordinal, ref TReader reader)
        where TReader : IColumnReader, allows ref struct
    {
        switch (ordinal)
        {
            case 0: row.Name = reader.ReadString(); break;
            case 1: row.Count = reader.ReadInt32(); break;
            default: row.Price = reader.ReadDecimal(4, 2); break;
        }
    }

    public readonly void WriteColumn<TWriter>(int ordinal, ref TWriter writer)
        where TWriter : IColumnWriter, allows ref struct
    {
        switch (ordinal)
        {
            case 0: writer.WriteString(Name); break;
            case 1: writer.WriteInt32(Count); break;
            default: writer.WriteDecimal(Price, 4, 2); break;
        }
    }
}
