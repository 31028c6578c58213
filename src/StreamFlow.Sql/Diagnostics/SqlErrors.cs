namespace StreamFlow.Sql.Diagnostics;

/// <summary>The codes of <see cref="SqlDiagnostic"/>. A code keeps its meaning for ever; hundreds group them by room.</summary>
public static class SqlErrors
{
    /// <summary>The text is not a statement.</summary>
    public const string Syntax = "SQL0001";

    /// <summary>A literal is out of its type's range.</summary>
    public const string BadLiteral = "SQL0002";

    /// <summary>A variable has no value.</summary>
    public const string UnknownVariable = "SQL0003";

    /// <summary>No stream or table of the name.</summary>
    public const string UnknownSource = "SQL0101";

    /// <summary>No column of the name.</summary>
    public const string UnknownColumn = "SQL0102";

    /// <summary>Several sources have a column of the name.</summary>
    public const string AmbiguousColumn = "SQL0103";

    /// <summary>A struct has no field of the name.</summary>
    public const string UnknownField = "SQL0104";

    /// <summary>No function of the name.</summary>
    public const string UnknownFunction = "SQL0105";

    /// <summary>No type of the name.</summary>
    public const string UnknownType = "SQL0106";

    /// <summary>The name is taken.</summary>
    public const string DuplicateName = "SQL0107";

    /// <summary>The name is reserved for the system or has characters that names may not have.</summary>
    public const string InvalidName = "SQL0108";

    /// <summary>No query of the id.</summary>
    public const string UnknownQuery = "SQL0109";

    /// <summary>Operands or arguments do not fit together.</summary>
    public const string TypeMismatch = "SQL0201";

    /// <summary>No conversion between the types.</summary>
    public const string BadCast = "SQL0202";

    /// <summary>No overload of the function takes these arguments, or several do.</summary>
    public const string BadArguments = "SQL0203";

    /// <summary>The expression may not stand here.</summary>
    public const string MisplacedExpression = "SQL0204";

    /// <summary>The clauses of a query contradict each other.</summary>
    public const string BadQuery = "SQL0301";

    /// <summary>The projection lacks the key, repeats it, or has nothing else.</summary>
    public const string BadProjection = "SQL0302";

    /// <summary>An aggregation is not possible as written.</summary>
    public const string BadAggregation = "SQL0303";

    /// <summary>A join is not possible as written.</summary>
    public const string BadJoin = "SQL0304";

    /// <summary>A window is not possible as written.</summary>
    public const string BadWindow = "SQL0305";

    /// <summary>A PARTITION BY is not possible as written.</summary>
    public const string BadPartitioning = "SQL0306";

    /// <summary>A pull query is not possible as written.</summary>
    public const string BadPullQuery = "SQL0307";

    /// <summary>A property of WITH is unknown, missing or has a bad value.</summary>
    public const string BadProperty = "SQL0401";

    /// <summary>A format cannot hold the columns.</summary>
    public const string BadFormat = "SQL0402";

    /// <summary>A column definition is wrong.</summary>
    public const string BadColumn = "SQL0403";

    /// <summary>A topic is missing or differs from what the statement says.</summary>
    public const string BadTopic = "SQL0404";

    /// <summary>The statement may not be executed on this stream or table.</summary>
    public const string NotAllowed = "SQL0405";

    /// <summary>The stream, table or type is in use.</summary>
    public const string InUse = "SQL0406";

    /// <summary>An assertion does not hold.</summary>
    public const string AssertionFailed = "SQL0408";

    /// <summary>The statement is not supported in this place.</summary>
    public const string Unsupported = "SQL0501";

    /// <summary>The command log is damaged.</summary>
    public const string DamagedLog = "SQL0601";

    /// <summary>The generated code does not compile: a defect of StreamFlow.</summary>
    public const string CodeGeneration = "SQL0901";
}
