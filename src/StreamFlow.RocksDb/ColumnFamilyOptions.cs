namespace StreamFlow.RocksDb;

/// <summary>Settings of one column family. Copied when a family is opened or created: may be shared and disposed afterwards.</summary>
public sealed class ColumnFamilyOptions : Options<ColumnFamilyOptions>;
