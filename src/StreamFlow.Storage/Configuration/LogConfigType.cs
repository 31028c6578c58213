namespace StreamFlow.Storage.Configuration;

/// <summary>The type of a setting; the numbers are those of DescribeConfigs and may not change.</summary>
public enum LogConfigType
{
    /// <summary>true or false.</summary>
    Boolean = 1,

    /// <summary>Text.</summary>
    String = 2,

    /// <summary>A 32-bit number.</summary>
    Int32 = 3,

    /// <summary>A 16-bit number.</summary>
    Int16 = 4,

    /// <summary>A 64-bit number.</summary>
    Int64 = 5,

    /// <summary>A floating-point number.</summary>
    Double = 6,

    /// <summary>Words separated by commas.</summary>
    List = 7,

    /// <summary>The name of a class.</summary>
    Class = 8,

    /// <summary>Text that is shown to nobody.</summary>
    Password = 9,
}
