namespace StreamFlow.Conformance;

/// <summary>Exceptions as one line.</summary>
internal static class ExceptionText
{
    public static string OnOneLine(this Exception e) =>
        $"{e.GetType().Name}: {e.Message.ReplaceLineEndings(" ")} {e.StackTrace?.Split('\n').FirstOrDefault()?.Trim()}";
}
