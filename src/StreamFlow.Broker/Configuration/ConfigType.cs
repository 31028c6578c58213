namespace StreamFlow.Broker.Configuration;

/// <summary>The type of a setting; the numbers are those of DescribeConfigs.</summary>
internal enum ConfigType : byte
{
    Boolean = 1,
    String = 2,
    Int = 3,
    Short = 4,
    Long = 5,
    Double = 6,
    List = 7,
}
