namespace StreamFlow.Cli.Shell;

/// <summary>How results are printed.</summary>
internal enum OutputFormat
{
    /// <summary>For people: tables on a terminal, plain lines elsewhere.</summary>
    Text,

    /// <summary>For programs: one JSON object a line.</summary>
    Json,
}
