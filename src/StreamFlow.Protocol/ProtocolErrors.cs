using System.Diagnostics.CodeAnalysis;
using StreamFlow.Core.Errors;

namespace StreamFlow.Protocol;

/// <summary>The errors of generated code, kept out of its methods so that these stay small enough to inline.</summary>
internal static class ProtocolErrors
{
    public static void CheckVersion(string message, short version, short lowest, short highest)
    {
        if (version < lowest || version > highest)
        {
            throw new ProtocolException($"{message} has no version {version}: {lowest} to {highest} are defined");
        }
    }

    [DoesNotReturn]
    public static void ThrowFieldNotInVersion(string message, string field, short version) =>
        throw new ProtocolException($"{message} version {version} has no field {field}, but it is set: choose a version that has it");

    [DoesNotReturn]
    public static void ThrowNullNotInVersion(string message, string field, short version) =>
        throw new ProtocolException($"{field} of {message} may not be null in version {version}");
}
